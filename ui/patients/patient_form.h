// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "ui/patients/patient_form_values.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/side_panel.h"

#include <QTimer>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace yarrow {

class ContactEditor;
class DuplicateWarning;
class Field;

/// Registers a patient or edits one. What is typed is kept as a draft until it is saved or started over:
/// closing the form asks nothing and loses nothing.
class PatientForm final : public SidePanel
{
    Q_OBJECT
public:
    explicit PatientForm(ClinicSession& session, QWidget* parent = nullptr);

    void startNew();
    void startEdit(const PatientRecord& record);
    void saveDraft(); ///< at once, if there is something unsaved
    [[nodiscard]] bool isDirty() const;
    [[nodiscard]] const PatientId& patient() const noexcept { return m_patient.id; } ///< empty for a new one
    void focusFirst();
    void submit(); ///< validates and saves

    /// Whether there is an unsaved draft for the patient (or for a new one).
    [[nodiscard]] static bool hasDraft(const ClinicSession& session, const PatientId& id);

Q_SIGNALS:
    void saved(const yarrow::PatientId& id, bool isNew);
    void patientRequested(const yarrow::PatientId& id); ///< who this may be, to be looked at

private:
    enum class NoteAction { None, StartOver, Reload };

    void buildForm();
    void start(const Patient& patient, std::int64_t revision);
    void setValues(const PatientFormValues& values);
    [[nodiscard]] PatientFormValues values() const;
    void edited();
    void echoBirthDate();
    void checkDuplicates(); ///< of a new patient
    [[nodiscard]] bool check(Patient& patient);
    void finish(const Result<ClinicSession::Saved>& result);
    void reload();
    void takeOver(const PatientRecord& record);
    void startOver();
    void setBusy(bool busy);
    void say(Tone tone, const QString& text, NoteAction action, const QString& actionText);
    [[nodiscard]] QString draftName() const;
    [[nodiscard]] QDate today() const;

    ClinicSession& m_session;
    Patient m_patient; ///< as it was read
    std::int64_t m_revision = 0;
    PatientFormValues m_base; ///< the form of m_patient
    QTimer m_draftPause;
    NoteAction m_noteAction = NoteAction::None;
    bool m_busy = false;

    NoteBox* m_note;
    DuplicateWarning* m_duplicates;
    QLineEdit* m_given;
    QLineEdit* m_family;
    QLineEdit* m_birthDate;
    QComboBox* m_sex;
    ContactEditor* m_phones;
    ContactEditor* m_emails;
    QLineEdit* m_street;
    QLineEdit* m_postalCode;
    QLineEdit* m_city;
    QLineEdit* m_country;
    Field* m_givenField;
    Field* m_familyField;
    Field* m_birthDateField;
    Field* m_postalCodeField;
    QPushButton* m_save;
};

} // namespace yarrow
