// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"

#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace yarrow {

class Chip;
class FamilySection;
class NoteBox;

/// One patient: the banner that says who it is, contacts, numbers and appointments.
class PatientView final : public QWidget
{
    Q_OBJECT
public:
    explicit PatientView(ClinicSession& session, QWidget* parent = nullptr);
    /// `mergedInto`: whose record is used in place of this one.
    void setRecord(const PatientRecord& record, const std::optional<PatientRow>& mergedInto);
    void sayNotUnmerged(const QString& why); ///< in place of what the record was merged into
    void setDraftWaiting(bool waiting);      ///< an edit of this patient was begun and not saved
    [[nodiscard]] FamilySection& family() noexcept { return *m_family; }

Q_SIGNALS:
    void editRequested();
    void bookingRequested();
    void appointmentRequested(const yarrow::AppointmentId& id, QDate day);
    void patientRequested(const yarrow::PatientId& id);
    void unmergeRequested(); ///< of the record on screen

private:
    void buildBanner(QVBoxLayout* column);
    [[nodiscard]] QWidget* makeMerged();
    void showMerged(const std::optional<PatientRow>& kept);
    void fillBanner(const Patient& patient);
    [[nodiscard]] QWidget* makeContacts(const Patient& patient) const;
    [[nodiscard]] QWidget* makeIdentifiers(const Patient& patient) const;
    [[nodiscard]] QWidget* makeAppointments(const PatientRecord& record);
    [[nodiscard]] QWidget* makeAppointmentList(const std::vector<AppointmentRow>& rows, const QString& name,
                                               const QString& title);

    ClinicSession& m_session;
    QLabel* m_name;
    QLabel* m_facts;
    Chip* m_mrn;
    Chip* m_deceased;
    Chip* m_state; ///< a conflict, or not at the server yet
    QPushButton* m_edit;
    QPushButton* m_book;
    QWidget* m_merged; ///< of a record that is not used any more
    QLabel* m_mergedText;
    QPushButton* m_unmerge;
    PatientId m_kept; ///< into which it was merged
    NoteBox* m_draftNote;
    FamilySection* m_family;
    QVBoxLayout* m_cards;
    QWidget* m_shown = nullptr; ///< the cards of the patient on screen
};

} // namespace yarrow
