// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"

#include <QFrame>
#include <QTimer>

class QLabel;
class QPushButton;

namespace yarrow {

class IconLabel;

/// The foot of the window: where the changes of this workstation are, always true, and for a few seconds what
/// was just done.
class StatusLine final : public QFrame
{
    Q_OBJECT
public:
    explicit StatusLine(ClinicSession& session, QWidget* parent = nullptr);
    void notice(const QString& sentence);
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void syncCentreRequested();

private:
    void refresh();

    ClinicSession& m_session;
    QPushButton* m_state;
    IconLabel* m_noticeIcon;
    QLabel* m_notice;
    QTimer m_noticeShown;
    QTimer m_tick;
};

} // namespace yarrow
