// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/front_desk.h"
#include "ui/widgets/side_panel.h"

#include <array>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QListWidget;
class QSpinBox;

namespace yarrow {

class ClinicSession;
class Field;
class PatientPicker;

/// Puts somebody on the waiting list, or changes what they would take. It asks for what is to be done and
/// writes nothing itself.
class WaitingEntryPanel final : public SidePanel
{
    Q_OBJECT
public:
    explicit WaitingEntryPanel(ClinicSession& session, QWidget* parent = nullptr);

    void startNew();
    void open(const WaitlistRow& entry);
    [[nodiscard]] AppointmentRow wished() const;
    [[nodiscard]] bool isDirty() const;

Q_SIGNALS:
    /// `seen` has an empty id for a new entry.
    void saveRequested(const yarrow::AppointmentRow& seen, const yarrow::AppointmentRow& wished);

private:
    void load(const AppointmentRow& row);
    void save();
    [[nodiscard]] QWidget* makeDays();

    ClinicSession& m_session;
    AppointmentRow m_seen;
    AppointmentRow m_clean; ///< the form's content before anything was typed
    PatientPicker* m_patient;
    Field* m_patientField;
    QComboBox* m_service;
    QSpinBox* m_duration;
    QListWidget* m_practitioners;
    std::array<QCheckBox*, 7> m_days{}; ///< 0 is Monday
    QComboBox* m_times;
    QComboBox* m_notice;
    QComboBox* m_priority;
    QLineEdit* m_comment;
};

} // namespace yarrow
