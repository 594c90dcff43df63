// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/day_desk.h"

#include "models/items/front_desk.h"
#include "ui/calendar/appointment_panel.h"
#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/message_bar.h"
#include "ui/waiting/waiting_entry_panel.h"
#include "ui/waiting/waiting_panel.h"
#include "ui/waiting/waiting_texts.h"
#include "ui/waiting/waiting_view.h"
#include "ui/widgets/texts.h"

#include <algorithm>

// The waiting list: who is offered a time, and who is put on it.

namespace yarrow {

void DayDesk::connectWaiting(WaitingView& view)
{
    connect(&view, &WaitingView::bookRequested, this, &DayDesk::bookWaiting);
    connect(&view, &WaitingView::openRequested, this, &DayDesk::openWaiting);
    connect(&view, &WaitingView::addRequested, this, &DayDesk::addWaiting);
    connect(&view, &WaitingView::patientRequested, this, &DayDesk::patientRequested);
    connect(&view, &WaitingView::removeRequested, this, [this](const WaitlistRow& entry) {
        if (mayChange())
            m_offers.remove(entry);
    });
}

void DayDesk::showWaitingIn(WaitingView& view)
{
    connectWaiting(view);
    m_ownWaiting = &view;
}

void DayDesk::connectOffers()
{
    connectWaiting(m_waiting->view());
    connect(m_waiting, &SidePanel::closeRequested, this, [this] { showPanel(nullptr); });
    connect(m_waitingEntry, &SidePanel::closeRequested, this, [this] {
        if (leaveForm([this] { showPanel(nullptr); }))
            showPanel(nullptr);
    });
    connect(m_waitingEntry, &WaitingEntryPanel::edited, this, [this] { m_draftPause.start(kDraftPause); });
    connect(m_waitingEntry, &WaitingEntryPanel::saveRequested, this, &DayDesk::saveWaiting);
    connect(&m_editor, &ScheduleEditor::freed, this, &DayDesk::offerFreed);
    // What was free may not be any more.
    for (const auto taken : {&ScheduleEditor::undone, &ScheduleEditor::redone})
        connect(&m_editor, taken, this, [this] {
            if (m_offers.slot())
                m_message->clear();
            m_offers.withdraw();
        });
    connect(&m_offers, &WaitingOffers::readFailed, this,
            [this](const Error& error) { say(sentence(error)); });
}

void DayDesk::offerFreed(const AppointmentRow& before, const TimeRange& when)
{
    if (!m_editor.isSpeaker(this) || when.end <= m_session.clock().now())
        return;
    m_offers.offer({before.appointment.practitioner, when});
    if (m_offers.candidates().empty())
        return m_offers.withdraw();
    const WaitingCandidate best = m_offers.candidates().front();
    const int others = static_cast<int>(m_offers.candidates().size()) - 1;
    QString text = tr("%1 is free again. First on the waiting list is %2 (%3), %4.",
                      "day, times and practitioner; patient; reasons; phone number")
                       .arg(slotText(*m_offers.slot(), m_session), whoText(best.entry.row),
                            reasonsText(best, m_session), joinFacts({phoneText(best.entry)}));
    if (others > 0)
        text = tr("%1 %2", "two sentences").arg(text, tr("%n other(s) would take it too.", nullptr, others));
    m_message->say(Tone::Info, text,
                   {{tr("Book %1 (F4)").arg(whoText(best.entry.row)), QStringLiteral("bookFirstWaiting"),
                     [this, id = best.entry.row.appointment.id] { bookOffered(id); }},
                    {tr("Show the waiting list"), QStringLiteral("showWaiting"), [this] { showWaiting(); }}});
}

void DayDesk::showWaiting()
{
    if (m_ownWaiting && m_ownWaiting->isVisible())
        return m_ownWaiting->focusList();
    if (!leaveForm([this] { showWaiting(); }))
        return;
    if (m_ownWaiting) {
        showPanel(nullptr);
        return m_ownWaiting->focusList();
    }
    showPanel(m_waiting);
    m_session.frontDesk().noteWaitingListViewed();
    m_waiting->view().focusList();
}

/// Of the selected free time, all that is free after it.
std::optional<FreeSlot> DayDesk::selectedSlot() const
{
    const CalendarCell cell = m_view->cell();
    const int index = m_view->cursorColumn();
    if (m_view->selected() || index < 0 || cell.practitioner.isEmpty())
        return std::nullopt;
    const ScheduleColumn& column = m_model.columns()[static_cast<std::size_t>(index)];
    std::vector<TimeRange> busy;
    for (const Blockout& blockout : column.blockouts)
        busy.push_back(blockout.when);
    for (const ScheduleEntry& entry : column.entries)
        if (holdsSlot(entry.row.appointment.status))
            busy.push_back({entry.row.appointment.start, entry.row.appointment.end});
    for (const TimeRange& gap : difference(column.working, normalized(std::move(busy))))
        if (gap.start <= cell.when.start && cell.when.start < gap.end)
            return FreeSlot{cell.practitioner, {cell.when.start, gap.end}};
    return FreeSlot{cell.practitioner, cell.when};
}

void DayDesk::bookOffered(const AppointmentId& entry)
{
    const auto& candidates = m_offers.candidates();
    const auto found = std::find_if(candidates.begin(), candidates.end(), [&](const WaitingCandidate& each) {
        return each.entry.row.appointment.id == entry;
    });
    if (found == candidates.end() || !m_offers.slot())
        return say(tr("This patient does not wait for that time any more."));
    bookWaiting(WaitingCandidate(*found));
}

/// One key: what is offered is booked for who is marked; where nothing is offered yet, the selected time is.
void DayDesk::offerSelected()
{
    const WaitingView& view = m_ownWaiting ? *m_ownWaiting : m_waiting->view();
    // An offer that nobody sees any more, or that is over, is none.
    if (m_offers.slot() && ((!view.isVisible() && !m_message->isVisible()) ||
                            m_offers.slot()->when.end <= m_session.clock().now()))
        m_offers.withdraw();
    if (m_offers.slot() && !m_offers.candidates().empty()) {
        if (const WaitingCandidate* marked = view.marked())
            bookWaiting(WaitingCandidate(*marked));
        return;
    }
    const auto slot = selectedSlot();
    if (!slot)
        return say(tr("Select a free time first, then it can be offered to the waiting list."));
    if (slot->when.end <= m_session.clock().now())
        return say(tr("This time is over. Select one that is still to come."));
    m_offers.offer(*slot);
    m_message->clear();
    showWaiting();
}

void DayDesk::bookWaiting(const WaitingCandidate& candidate)
{
    if (!mayChange() || !candidate.fit)
        return;
    const TimeRange when = candidate.fit->when;
    m_message->clear();
    showDay(toLocalDate(when.start, m_session.zone()));
    if (!m_waiting->isHidden())
        showPanel(nullptr);
    if (!m_offers.book(candidate)) {
        return m_message->say(
            Tone::Warn, tr("This time, or a room or device that the visit needs, has been taken meanwhile."));
    }
    m_view->select(candidate.entry.row.appointment.id);
}

void DayDesk::addWaiting()
{
    if (!mayChange() || !leaveForm([this] { addWaiting(); }))
        return;
    showPanel(m_waitingEntry);
    m_waitingEntry->startNew();
}

void DayDesk::openWaiting(const WaitlistRow& entry)
{
    if (!leaveForm([this, entry] { openWaiting(entry); }))
        return;
    showPanel(m_waitingEntry);
    m_waitingEntry->open(entry);
}

void DayDesk::saveWaiting(const AppointmentRow& seen, const AppointmentRow& wished)
{
    if (!mayChange())
        return;
    m_draftPause.stop();
    m_message->clear();
    showPanel(nullptr);
    if (wished.appointment.id.isEmpty())
        m_editor.book(wished);
    else if (wished.appointment != seen.appointment)
        m_editor.change(seen, wished, ScheduleChange::Edit);
    else
        m_waitingEntry->answered(seen.appointment.id, true); // nothing was to be written
}

/// The form has what was typed, over what is stored by now.
void DayDesk::reopenWaiting(const ScheduleRefusal& refusal)
{
    const QString why = refusalText(refusal);
    m_offers.reload();
    // Another form that is in use stays.
    const bool inUse = (!m_form->isHidden() && m_form->isDirty()) ||
                       (!m_waitingEntry->isHidden() && m_waitingEntry->isDirty());
    if (inUse)
        return m_message->say(Tone::Warn, why,
                              {{tr("Open the entry again"), QStringLiteral("reopenWaiting"), [this, refusal] {
                                    if (leaveForm([this, refusal] { reopenWaiting(refusal); }))
                                        reopenWaiting(refusal);
                                }}});
    const WaitlistRow* now = nullptr;
    for (const WaitlistRow& each : m_offers.entries())
        if (!refusal.seen.appointment.id.isEmpty() && each.row.appointment.id == refusal.seen.appointment.id)
            now = &each;
    AppointmentRow wished = refusal.wished;
    wished.appointment.id = refusal.seen.appointment.id;
    showPanel(m_waitingEntry);
    m_waitingEntry->reopen(refusal.seen, wished, now, why);
    m_message->say(Tone::Warn, why);
}

bool DayDesk::offerWaitingDraft()
{
    std::optional<WaitlistRow> entry;
    bool isKept = WaitingEntryPanel::hasDraft(m_session, {});
    for (const WaitlistRow& each : m_offers.entries())
        if (!isKept && WaitingEntryPanel::hasDraft(m_session, each.row.appointment.id)) {
            isKept = true;
            entry = each;
        }
    if (!isKept)
        return false;
    m_message->say(Tone::Info, tr("An entry of the waiting list that you began is kept."),
                   {{tr("Continue"), QStringLiteral("continueWaitingDraft"),
                     [this, entry] { entry ? openWaiting(*entry) : addWaiting(); }},
                    {tr("Discard"), QStringLiteral("discardWaitingDraft"), [this, entry] {
                         WaitingEntryPanel::discardDraft(m_session,
                                                         entry ? entry->row.appointment.id : AppointmentId());
                         (void)offerWaitingDraft(); // there may be another
                     }}});
    return true;
}

} // namespace yarrow
