// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/patient_desk.h"

#include <QFrame>
#include <QTimer>

class QVBoxLayout;

namespace yarrow {

/// While somebody is registered: who of the patients this may be, and why. Hidden while there is nobody.
class DuplicateWarning final : public QFrame
{
    Q_OBJECT
public:
    explicit DuplicateWarning(ClinicSession& session, QWidget* parent = nullptr);
    void check(const Patient& typed); ///< with every keystroke
    void clear();
    [[nodiscard]] const std::vector<DuplicateRow>& shown() const noexcept { return m_shown; }

Q_SIGNALS:
    void patientRequested(const yarrow::PatientId& id);

private:
    void show(const std::vector<DuplicateRow>& rows);
    [[nodiscard]] QWidget* makeRow(const DuplicateRow& row, int number);

    ClinicSession& m_session;
    QVBoxLayout* m_column;
    QWidget* m_rows = nullptr;
    QTimer m_settled; ///< a warning that stands for a while was seen
    std::vector<DuplicateRow> m_shown;
    bool m_isChecking = false; ///< answers to what was asked before clear() come too late
};

} // namespace yarrow
