// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/waiting_offers.h"

#include <algorithm>

namespace yarrow {

WaitingOffers::WaitingOffers(ClinicSession& session, ScheduleEditor& editor, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_editor(editor)
{
    connect(&session.frontDesk(), &FrontDesk::waitingListChanged, this, &WaitingOffers::reload);
    // Who has been booked or put back is so on screen before the store has answered.
    connect(&editor.wishes(), &ScheduleWishes::changed, this, &WaitingOffers::rank);
    connect(&editor.wishes(), &ScheduleWishes::settled, this, &WaitingOffers::rank);
}

void WaitingOffers::reload()
{
    auto entries = m_session.frontDesk().waitingList();
    if (!entries) {
        Q_EMIT readFailed(entries.error());
        return;
    }
    m_entries = std::move(*entries);
    rank();
}

void WaitingOffers::offer(const FreeSlot& slot)
{
    m_slot = slot;
    rank();
}

void WaitingOffers::withdraw()
{
    m_slot.reset();
    rank();
}

void WaitingOffers::rank()
{
    std::vector<WaitlistRow> waiting = m_entries;
    for (WaitlistRow& each : waiting)
        if (const auto wish = m_editor.wishes().rows().find(each.row.appointment.id);
            wish != m_editor.wishes().rows().end())
            each.row = wish->second;
    std::erase_if(waiting, [](const WaitlistRow& each) {
        return each.row.appointment.status != AppointmentStatus::Waitlist;
    });
    std::vector<WaitingCandidate> candidates;
    if (!m_slot) {
        for (WaitlistRow& each : waiting)
            candidates.push_back({std::move(each), std::nullopt});
    } else {
        std::vector<Appointment> entries;
        for (const WaitlistRow& each : waiting)
            entries.push_back(each.row.appointment);
        for (WaitingFit& fit :
             fitsFor(*m_slot, entries, m_session.clock().now(), m_session.zone(), kUsualVisit)) {
            const std::size_t entry = fit.entry;
            candidates.push_back({waiting[entry], std::move(fit)});
        }
    }
    if (candidates == m_candidates)
        return;
    m_candidates = std::move(candidates);
    Q_EMIT changed();
}

void WaitingOffers::book(const WaitingCandidate& candidate, const LocationId& room)
{
    if (!m_slot || !candidate.fit)
        return;
    const AppointmentRow seen = candidate.entry.row;
    AppointmentRow wished = seen;
    Appointment& visit = wished.appointment;
    visit.status = AppointmentStatus::Booked;
    visit.start = candidate.fit->when.start;
    visit.end = candidate.fit->when.end;
    visit.practitioner = m_slot->practitioner;
    visit.room = room;
    visit.zone = m_session.zone().id().toStdString();
    m_slot.reset();
    m_editor.change(seen, wished, ScheduleChange::Offer);
    rank();
}

void WaitingOffers::remove(const WaitlistRow& entry)
{
    AppointmentRow wished = entry.row;
    wished.appointment.status = AppointmentStatus::Cancelled;
    m_editor.change(entry.row, wished, ScheduleChange::Cancel);
}

} // namespace yarrow
