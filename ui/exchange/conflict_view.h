// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/exchange_desk.h"
#include "ui/exchange/element_choice.h"

#include <QWidget>

#include <vector>

class QLabel;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace yarrow {

class BookingChoice;
class NoteBox;

/// A conflict: who changed what and when, Before / Yours / Theirs of each element, a choice for each, what
/// the record will say then; settling it, and taking that back.
class ConflictView final : public QWidget
{
    Q_OBJECT
public:
    explicit ConflictView(ClinicSession& session, QWidget* parent = nullptr);

    void open(const QString& id); ///< reads it and shows it
    [[nodiscard]] const QString& id() const noexcept { return m_id; }
    void focusFirst(); ///< the first choice, as soon as there is one
    void submit();     ///< settles it, if every element has a choice

    void takeAll(ConflictChoice::Take take);

Q_SIGNALS:
    void settled(const QString& id);
    void undone(const QString& id);
    void patientRequested(const yarrow::PatientId& id);
    void dayRequested(QDate day);

private:
    void buildHead(QVBoxLayout* column);
    void buildFoot(QVBoxLayout* column);
    void show(const Result<ConflictDetails>& details);
    void fillHead();
    void fillChoices();
    void choicesChanged();
    void finish(const Result<SettlementOutcome>& outcome);
    void undo();
    void openRecord();
    void setBusy(bool busy);
    [[nodiscard]] QString introduction() const;
    [[nodiscard]] ElementChoice::Captions captions() const;

    ClinicSession& m_session;
    QString m_id;
    ConflictDetails m_details;
    bool m_focusWanted = false;
    bool m_undoing = false; ///< what the note's button does
    std::vector<ElementChoice*> m_elements;
    BookingChoice* m_booking = nullptr;

    QLabel* m_title;
    QLabel* m_facts;
    QPushButton* m_openRecord;
    QLabel* m_intro;
    NoteBox* m_note;
    QScrollArea* m_scroll;
    QVBoxLayout* m_cards;
    QWidget* m_shown = nullptr; ///< the cards of the conflict on screen
    QWidget* m_foot;
    QLabel* m_preview;
    QPushButton* m_allMine;
    QPushButton* m_allTheirs;
    QPushButton* m_settle;
};

} // namespace yarrow
