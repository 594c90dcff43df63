// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/patient_desk.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace yarrow {

class EmptyState;
class NoteBox;

/// The clinic's worklist of patients who may be one person: pair by pair, with what speaks for it. What is
/// decided can be taken back where it is told.
class DuplicateWorklist final : public QWidget
{
    Q_OBJECT
public:
    explicit DuplicateWorklist(ClinicSession& session, QWidget* parent = nullptr);
    void load(); ///< reads the list anew, and on until all patients were compared
    void focusFirst();

Q_SIGNALS:
    void patientRequested(const yarrow::PatientId& id);
    void closeRequested();

private:
    void show(const DuplicatePairs& list);
    [[nodiscard]] QWidget* makeCard(const DuplicatePairRow& pair, int number);
    [[nodiscard]] QWidget* makePerson(const PatientRow& row, const QString& name);
    void merge(const PatientRow& kept, const PatientRow& gone);
    void markDifferent(const DuplicatePairRow& pair);
    void unmerge(const PatientId& gone);

    ClinicSession& m_session;
    NoteBox* m_note;
    EmptyState* m_empty;
    QLabel* m_progress; ///< how many patients are still to be compared
    QVBoxLayout* m_column;
    QWidget* m_cards = nullptr;
    PatientId m_mergedAway;                ///< what the note's button takes back
    bool m_isRead = false;                 ///< the list was shown before
    std::vector<DuplicatePairRow> m_pairs; ///< on screen
    int m_reading = 0;                     ///< the newest question
};

} // namespace yarrow
