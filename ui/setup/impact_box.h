// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"

#include <QFrame>

#include <vector>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace yarrow {

/// The appointments that a change would leave outside of hours, and the question whether to make it all the
/// same. Each leads to its day.
class ImpactBox final : public QFrame
{
    Q_OBJECT
public:
    explicit ImpactBox(ClinicSession& session, QWidget* parent = nullptr);
    void ask(const std::vector<AppointmentRow>& rows);
    void dismiss();

Q_SIGNALS:
    void confirmed();
    void dayRequested(QDate day);

private:
    ClinicSession& m_session;
    QLabel* m_title;
    QVBoxLayout* m_lines;
    QPushButton* m_confirm;
};

} // namespace yarrow
