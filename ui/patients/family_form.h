// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/family_desk.h"

#include <QJsonObject>
#include <QTimer>
#include <QWidget>

#include <functional>
#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace yarrow {

class Field;
class NoteBox;
class PatientPicker;

/// Adds somebody to a patient's family, a patient or somebody who is none, or changes what they are. What is
/// typed is kept as a draft until it is saved or started over, as with PatientForm.
class FamilyForm final : public QWidget
{
    Q_OBJECT
public:
    explicit FamilyForm(ClinicSession& session, QWidget* parent = nullptr);

    void startNew(const PatientId& patient);
    void startEdit(const PatientId& patient, const FamilyRow& row);
    void saveDraft(); ///< at once, if there is something unsaved
    [[nodiscard]] bool isDirty() const;
    /// Whether somebody was begun to be added to that family.
    [[nodiscard]] static bool hasDraft(const ClinicSession& session, const PatientId& patient);

Q_SIGNALS:
    void saved(const QString& name);
    void savedEarlier(const QString& name); ///< what is shown by now is something else, and stays
    void closeRequested();                  ///< what is typed is a draft by then

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void layOut();
    void connectEdits();
    void start(const PatientId& patient, const FamilyRow& row);
    void load();
    void startOver();
    void edited();
    void close();
    void submit();
    [[nodiscard]] bool check(RelatedPerson& person);
    void savePatient();
    void savePerson();
    [[nodiscard]] std::function<void(const Result<RelatedPersonId>&)> finish(const QString& name);
    void finished(const QString& name, const Result<RelatedPersonId>& result);
    [[nodiscard]] Told told() const;
    void showKind();
    void setBusy(bool busy);
    [[nodiscard]] bool isNew() const noexcept { return m_row.person.id.isEmpty(); }
    [[nodiscard]] bool isOther() const;                     ///< somebody who is no patient
    [[nodiscard]] std::optional<Relation> relation() const; ///< nothing until it is chosen
    [[nodiscard]] QJsonObject fields() const;
    void showFields(const QJsonObject& fields);
    [[nodiscard]] QString draftName() const;
    [[nodiscard]] QDate today() const;

    ClinicSession& m_session;
    PatientId m_patient;
    FamilyRow m_row; ///< as it was read; without an id a new one
    QJsonObject m_clean;
    QTimer m_draftPause;
    bool m_loading = false;
    bool m_busy = false;
    int m_asked = 0; ///< an answer to a former one is not about what is shown

    QLabel* m_title;
    NoteBox* m_note;
    QCheckBox* m_other;
    PatientPicker* m_member;
    Field* m_memberField;
    QComboBox* m_relation;
    QLineEdit* m_family;
    QLineEdit* m_given;
    QLineEdit* m_phone;
    QLineEdit* m_birthDate;
    Field* m_familyField;
    Field* m_phoneField;
    Field* m_birthDateField;
    QWidget* m_person; ///< the fields of somebody who is no patient
    Field* m_relationField;
    QCheckBox* m_mayBeTold;
    QCheckBox* m_patientMayBeTold;
    QPushButton* m_save;
};

} // namespace yarrow
