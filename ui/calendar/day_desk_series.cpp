// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/day_desk.h"

#include "ui/calendar/appointment_panel.h"
#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/message_bar.h"
#include "ui/widgets/texts.h"

// Visits of a series, booked or changed together.

namespace yarrow {
namespace {

constexpr int kDaysAhead = 8; ///< how far the tour looks for a visit: the same day next week as well

} // namespace

void DayDesk::saveAll(const std::vector<AppointmentRow>& wished, ScheduleChange kind)
{
    if (!mayChange())
        return;
    keepDraft();
    m_message->clear();
    const Appointment& first = wished.front().appointment;
    const Appointment& seen = m_form->seen().appointment;
    const Instant start = seen.id.isEmpty() ? first.start : seen.start;
    Sent sent{{}, kind, false, m_form->draft(), m_drafts.place(), toLocalDate(start, m_session.zone())};
    if (kind == ScheduleChange::Book)
        showDay(toLocalDate(first.start, m_session.zone()));
    showPanel(nullptr);
    sent.shownAs = m_editor.changeAll(wished, kind);
    m_view->select(sent.shownAs);
    if (kind == ScheduleChange::Book || kind == ScheduleChange::Edit)
        m_sent.push_back(std::move(sent));
}

void DayDesk::showSeriesRefusal(const ScheduleRefusal& refusal, const std::optional<Sent>& sent)
{
    m_model.reload();
    QString why = refusalText(refusal);
    if (refusal.error.code == ErrorCode::SlotTaken)
        why = refusal.redoing   ? tr("This cannot be redone: one of the times has been taken since. Nothing "
                                       "was changed.")
              : refusal.undoing ? tr("This cannot be undone: one of the times has been taken since. Nothing "
                                     "was changed.")
                                : tr("One of the visits has just become impossible: its time was taken. None "
                                     "was saved; the list shows which.");
    else if (refusal.error.code == ErrorCode::Stale && !refusal.undoing)
        why = tr("Somebody else has just changed one of these visits. None was saved; please look at them "
                 "and try again.");
    if (!sent || sent->draft.isEmpty())
        return m_message->say(Tone::Warn, why);
    offerTyped(*sent, why);
}

bool DayDesk::isPlanReady() const
{
    return m_form->isHidden() || m_form->isPlanReady();
}

void DayDesk::showRepeating()
{
    const AppointmentRow* next = nullptr;
    for (int day = 0; day < kDaysAhead && !next; ++day) {
        showDay(today().addDays(day));
        for (const ScheduleColumn& column : m_model.columns())
            for (const ScheduleEntry& entry : column.entries)
                if (const Appointment& visit = entry.row.appointment;
                    visit.start >= m_session.clock().now() && holdsSlot(visit.status) && !next)
                    next = &entry.row;
    }
    if (!next)
        return;
    AppointmentRow draft = *next;
    draft.appointment.id = {};
    draft.revision = 0;
    m_drafts.begin({});
    showPanel(m_form);
    m_form->startNew(draft, {}, true);
    Recurrence twiceAWeek;
    const int first = localTime(draft.appointment.start, m_session.zone()).date().dayOfWeek();
    twiceAWeek.rule.days = {{0, first}, {0, (first + 1) % 7 + 1}};
    twiceAWeek.rule.count = 8;
    m_form->repeat(twiceAWeek);
    m_form->showPlan();
}

void DayDesk::showSeries()
{
    for (int day = 0; day < kDaysAhead; ++day) {
        showDay(today().addDays(day));
        for (const ScheduleColumn& column : m_model.columns())
            for (const ScheduleEntry& entry : column.entries)
                if (const Appointment& visit = entry.row.appointment;
                    visit.series && visit.start >= m_session.clock().now()) {
                    const AppointmentId id = visit.id;
                    m_view->select(id);
                    return askCancelReason(id);
                }
    }
}

} // namespace yarrow
