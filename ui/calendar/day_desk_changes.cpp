// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/day_desk.h"

#include "ui/calendar/appointment_panel.h"
#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/family_booking_panel.h"
#include "ui/calendar/message_bar.h"
#include "ui/calendar/openings_panel.h"
#include "ui/waiting/waiting_entry_panel.h"
#include "ui/widgets/texts.h"

#include <QAction>
#include <QDateTime>

#include <algorithm>

// What the user wishes, and what comes of it.

namespace yarrow {
namespace {

/// What a refused booking wished has no record yet.
AppointmentRow wishedAnew(const ScheduleRefusal& refusal)
{
    AppointmentRow wished = refusal.wished;
    if (refusal.kind == ScheduleChange::Book)
        wished.appointment.id = {};
    return wished;
}

} // namespace

void DayDesk::connectEditor()
{
    connect(&m_model, &DayScheduleModel::readFailed, this,
            [this](const Error& error) { say(sentence(error)); });
    connect(&m_editor, &ScheduleEditor::made, this,
            [this](const AppointmentRow& row, ScheduleChange kind, int visits) {
                const bool waits = row.appointment.status == AppointmentStatus::Waitlist;
                if (const auto sent = takeSent(row.appointment.id, kind)) {
                    if (sent->ofFamily)
                        m_familyDraft.remove(sent->draft);
                    else
                        m_drafts.remove(sent->place, sent->draft);
                    if (sent->ofFamily && m_familyBooking->content() == sent->draft)
                        m_familyBooking->setClean();
                }
                if (waits && kind == ScheduleChange::Book)
                    m_waitingEntry->answered({}, true);
                else if (waits && kind == ScheduleChange::Edit)
                    m_waitingEntry->answered(row.appointment.id, true);
                if (!m_editor.isSpeaker(this))
                    return;
                if (kind == ScheduleChange::Book || kind == ScheduleChange::Move ||
                    kind == ScheduleChange::Offer)
                    m_view->select(row.appointment.id);
                Q_EMIT notice(madeText(m_model.axis(), row, kind, visits));
            });
    const auto followed = [this](const AppointmentRow& row, const QString& what) {
        if (!m_editor.isSpeaker(this))
            return;
        m_view->select(row.appointment.id);
        Q_EMIT notice(what);
    };
    connect(&m_editor, &ScheduleEditor::undone, this,
            [followed](const AppointmentRow& row, ScheduleChange kind, int visits) {
                followed(row, undoneText(kind, visits));
            });
    connect(&m_editor, &ScheduleEditor::redone, this,
            [followed](const AppointmentRow& row, ScheduleChange kind, int visits) {
                followed(row, redoneText(kind, visits));
            });
    connect(&m_editor, &ScheduleEditor::wrote, this,
            [this](const std::vector<AppointmentRow>& rows) { m_form->followOwn(rows); });
    connect(&m_editor, &ScheduleEditor::refused, this, [this](const ScheduleRefusal& refusal) {
        if (refusal.wished.appointment.status == AppointmentStatus::Waitlist && !refusal.undoing)
            m_waitingEntry->answered(refusal.seen.appointment.id, false);
        const auto sent =
            refusal.undoing ? std::optional<Sent>() : takeSent(refusal.wished.appointment.id, refusal.kind);
        if (sent) // with it goes what was built on it
            std::erase_if(m_sent, [&](const Sent& each) { return each.shownAs == sent->shownAs; });
        if (m_editor.isSpeaker(this))
            showRefusal(refusal, sent);
    });
    const auto followOthers = [this] {
        // Our own writes announce themselves too; those are followed when they are answered.
        if (!m_editor.isIdle() || m_form->isHidden())
            return;
        if (const auto now = visit(m_form->seen().appointment.id))
            m_form->follow(*now, false);
    };
    connect(&m_session, &ClinicSession::appointmentsChanged, this, followOthers);
    connect(&m_session, &ClinicSession::recordsArrived, this, followOthers);
    const auto enable = [this] {
        m_undo->setEnabled(m_editor.nextUndo().has_value());
        m_redo->setEnabled(m_editor.nextRedo().has_value());
    };
    connect(&m_editor.undoStack(), &QUndoStack::indexChanged, this, enable);
    enable();
}

/// It is answered now.
std::optional<DayDesk::Sent> DayDesk::takeSent(const AppointmentId& id, ScheduleChange kind)
{
    const AppointmentId now = m_editor.currentId(id);
    const auto found = std::find_if(m_sent.begin(), m_sent.end(), [&](const Sent& each) {
        return each.kind == kind && m_editor.currentId(each.shownAs) == now;
    });
    if (found == m_sent.end())
        return std::nullopt;
    Sent sent = std::move(*found);
    m_sent.erase(found);
    return sent;
}

bool DayDesk::mayChange()
{
    if (m_session.allows(Operation::Update, Area::Appointments))
        return true;
    say(tr("Your role may look at appointments, but not change them."));
    return false;
}

void DayDesk::say(const QString& sentence)
{
    m_message->say(Tone::Info, sentence);
}

void DayDesk::save(const AppointmentRow& seen, const AppointmentRow& wished)
{
    if (!mayChange())
        return;
    keepDraft();
    Sent sent{wished.appointment.id, ScheduleChange::Edit, false, m_form->draft(), m_drafts.place(), {}};
    m_message->clear();
    showDay(localTime(wished.appointment.start, m_session.zone()).date());
    showPanel(nullptr);
    if (wished.appointment.id.isEmpty()) {
        sent.kind = ScheduleChange::Book;
        sent.shownAs = m_editor.book(wished);
        m_view->select(sent.shownAs);
        m_sent.push_back(std::move(sent));
    } else if (wished.appointment != seen.appointment) {
        sent.day = toLocalDate(seen.appointment.start, m_session.zone());
        m_sent.push_back(std::move(sent));
        m_editor.change(seen, wished, ScheduleChange::Edit);
    }
}

void DayDesk::setStatus(const AppointmentRow& row, AppointmentStatus status)
{
    if (!mayChange() || row.appointment.status == status)
        return;
    if (!isLegalMove(row.appointment.status, status))
        return say(illegalMoveText(row.appointment.status, status));
    if (status == AppointmentStatus::Cancelled && row.appointment.series &&
        visit(row.appointment.id)) // how much of the series is asked
        return askCancelReason(row.appointment.id);
    AppointmentRow wished = row;
    wished.appointment.status = status;
    wished.appointment.cancelReason.clear();
    m_message->clear();
    m_editor.change(row, wished,
                    status == AppointmentStatus::Cancelled ? ScheduleChange::Cancel : ScheduleChange::Status);
}

void DayDesk::cancelWithReason(const AppointmentRow& row, const std::string& reason)
{
    if (!mayChange())
        return;
    if (!isLegalMove(row.appointment.status, AppointmentStatus::Cancelled))
        return say(illegalMoveText(row.appointment.status, AppointmentStatus::Cancelled));
    AppointmentRow wished = row;
    wished.appointment.status = AppointmentStatus::Cancelled;
    wished.appointment.cancelReason = reason;
    m_message->clear();
    showPanel(nullptr);
    m_editor.change(row, wished, ScheduleChange::Cancel);
}

void DayDesk::moveTo(const AppointmentRow& row, const ColumnKey& column, Instant start)
{
    if (!mayChange())
        return;
    AppointmentRow wished = row;
    m_model.assign(column, wished.appointment);
    wished.appointment.end = start + (row.appointment.end - row.appointment.start);
    wished.appointment.start = start;
    if (wished.appointment == row.appointment)
        return;
    m_message->clear();
    m_editor.change(row, wished, ScheduleChange::Move);
}

void DayDesk::resizeTo(const AppointmentRow& row, Instant end)
{
    if (!mayChange())
        return;
    AppointmentRow wished = row;
    wished.appointment.end = end;
    m_message->clear();
    m_editor.change(row, wished, ScheduleChange::Resize);
}

void DayDesk::cut()
{
    const ScheduleEntry* entry = m_view->selected();
    if (!entry)
        return say(tr("Select an appointment first, then it can go to the pinboard."));
    if (mayChange())
        m_editor.pinned().pin(entry->row);
}

void DayDesk::paste()
{
    if (m_editor.pinned().isEmpty())
        return say(tr("The pinboard is empty. Ctrl+X puts the selected appointment there."));
    const AppointmentRow row = m_editor.pinned().rows().back();
    const int column = m_view->cursorColumn();
    if (column >= 0)
        moveTo(row, m_model.columns()[static_cast<std::size_t>(column)].key, m_view->cell().when.start);
}

void DayDesk::undo()
{
    if (!m_editor.nextUndo() && m_editor.isIdle())
        return say(tr("There is nothing to undo."));
    m_message->clear();
    m_editor.undo();
}

void DayDesk::redo()
{
    if (!m_editor.nextRedo() && m_editor.isIdle())
        return say(tr("There is nothing to redo."));
    m_message->clear();
    m_editor.redo();
}

bool DayDesk::reopenForm(const ScheduleRefusal& refusal, const std::optional<Sent>& sent, const QString& why)
{
    const AppointmentRow wished = wishedAnew(refusal);
    const auto stored = visit(wished.appointment.id);
    if (!stored && !wished.appointment.id.isEmpty()) {
        m_message->say(Tone::Warn, tr("%1 It is not there any more.", "why it was not saved").arg(why));
        return false;
    }
    showDay(toLocalDate(wished.appointment.start, m_session.zone()));
    if (sent)
        m_drafts.goOn(sent->place);
    else
        m_drafts.begin(wished.appointment.id);
    showPanel(m_form);
    const bool isTyped = stored && sent && !sent->draft.isEmpty();
    if (!isTyped || !m_form->restoreDraft(sent->draft, stored, AppointmentPanel::Onto::WhatIsStored)) {
        m_form->reopen(stored.value_or(AppointmentRow()), wished);
        m_form->say({});
    }
    m_form->sayAlso(why);
    return true;
}

/// A form that is in use stays, and gives way when the user wishes.
void DayDesk::offerAgain(const QString& why, const std::function<void()>& reopen)
{
    m_message->say(Tone::Warn, why, {{tr("Open it again"), QStringLiteral("reopenTyped"), [this, reopen] {
                                          if (leaveForm(reopen))
                                              reopen();
                                      }}});
}

/// The form has what was typed again.
void DayDesk::offerTyped(const Sent& sent, const QString& why)
{
    if (!isFormInUse())
        return reopenTyped(sent, why);
    offerAgain(why, [this, sent, why] { reopenTyped(sent, why); });
}

/// What was typed, over what is stored by now; the plan of a new series shows what has come in its way.
void DayDesk::reopenTyped(const Sent& sent, const QString& why)
{
    const auto stored = visit(AppointmentPanel::visitOf(sent.draft));
    showDay(stored ? toLocalDate(stored->appointment.start, m_session.zone()) : sent.day);
    m_drafts.goOn(sent.place);
    showPanel(m_form);
    if (m_form->restoreDraft(sent.draft, stored, AppointmentPanel::Onto::WhatIsStored))
        return m_message->say(Tone::Warn, why);
    showPanel(nullptr);
    m_message->say(Tone::Warn, tr("%1 It is not there any more.", "why it was not saved").arg(why));
}

QString DayDesk::takenText(const ScheduleRefusal& refusal) const
{
    const auto id = AppointmentId::parse(refusal.error.context);
    const auto other = id ? visit(*id) : std::nullopt;
    if (!other)
        return tr("This time is already taken.");
    QString whose = other->roomName;
    for (const CalendarResource& practitioner : m_model.practitioners())
        if (practitioner.id == other->appointment.practitioner &&
            practitioner.id == refusal.wished.appointment.practitioner)
            whose = practitioner.name;
    return tr("%1 is already booked %2 for %3.", "practitioner or room, times, patient")
        .arg(whose, timesText(m_model.axis(), other->appointment), whoText(*other));
}

bool DayDesk::isInForm(const AppointmentRow& wished) const
{
    return !m_form->isHidden() && m_form->seen().appointment.id == wished.appointment.id;
}

void DayDesk::showTaken(const ScheduleRefusal& refusal, const std::optional<Sent>& sent)
{
    const QString text = takenText(refusal);
    if (refusal.kind == ScheduleChange::Book || refusal.kind == ScheduleChange::Edit) {
        if (isFormInUse())
            return offerAgain(text, [this, refusal, sent] { showTaken(refusal, sent); });
        if (!reopenForm(refusal, sent, text))
            return;
    }
    m_message->say(Tone::Warn, text,
                   {{tr("Overbook with a reason…"), QStringLiteral("overbook"),
                     [this, refusal, sent] { overbook(refusal, sent); }},
                    {tr("Show next openings"), QStringLiteral("showNextOpenings"),
                     [this, refusal] { lookInstead(refusal); }}});
}

/// The reason is asked of what was refused, whatever form has been opened since.
void DayDesk::overbook(const ScheduleRefusal& refusal, const std::optional<Sent>& sent)
{
    if (!isInForm(wishedAnew(refusal)) && (!leaveForm([this, refusal, sent] { overbook(refusal, sent); }) ||
                                           !reopenForm(refusal, sent, takenText(refusal))))
        return;
    m_form->askOverbookReason();
}

void DayDesk::lookInstead(const ScheduleRefusal& refusal)
{
    const AppointmentRow wished = wishedAnew(refusal);
    if (isInForm(wished))
        return lookForOpening();
    if (!leaveForm([this, refusal] { lookInstead(refusal); }))
        return;
    m_drafts.begin({});
    lookForOpenings(visit(wished.appointment.id).value_or(wished), wished.appointment);
}

void DayDesk::showRefusal(const ScheduleRefusal& refusal, const std::optional<Sent>& sent)
{
    if (sent && sent->ofFamily)
        return showFamilyRefusal(refusal, *sent);
    if (refusal.visits > 1)
        return showSeriesRefusal(refusal, sent);
    if (refusal.error.code == ErrorCode::SlotTaken && !refusal.undoing)
        return showTaken(refusal, sent);
    if (refusal.wished.appointment.status == AppointmentStatus::Waitlist && !refusal.undoing)
        return reopenWaiting(refusal);
    const bool isStale = refusal.error.code == ErrorCode::Stale;
    if (isStale) {
        m_editor.pinned().unpin(refusal.wished.appointment.id);
        m_model.reload();
    }
    if (isStale && sent && !sent->draft.isEmpty() && sent->kind == ScheduleChange::Edit)
        return offerTyped(*sent, tr("Somebody else has just changed this appointment. Nothing was saved; "
                                    "please look at it and save again."));
    const QString why = refusalText(refusal);
    const bool wasTyped = refusal.kind == ScheduleChange::Book || refusal.kind == ScheduleChange::Edit;
    if (wasTyped && !refusal.undoing) {
        if (isFormInUse())
            return offerAgain(why, [this, refusal, sent] { showRefusal(refusal, sent); });
        if (!reopenForm(refusal, sent, why))
            return;
    }
    m_message->say(Tone::Warn, why);
}

} // namespace yarrow
