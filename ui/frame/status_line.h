// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"

#include <QFrame>
#include <QTimer>

class QLabel;

namespace yarrow {

class IconLabel;

/// The foot of the window: where the changes of this workstation are, always true, and for a few seconds what
/// was just done.
class StatusLine final : public QFrame
{
    Q_OBJECT
public:
    explicit StatusLine(const ClinicSession& session, QWidget* parent = nullptr);
    void notice(const QString& sentence);
    [[nodiscard]] QString text() const;

private:
    void refresh();

    const ClinicSession& m_session;
    IconLabel* m_icon;
    QLabel* m_state;
    IconLabel* m_noticeIcon;
    QLabel* m_notice;
    QTimer m_noticeShown;
};

} // namespace yarrow
