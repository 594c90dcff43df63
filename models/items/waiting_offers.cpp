// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/waiting_offers.h"

#include <algorithm>
#include <map>
#include <tuple>

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
    // What was free, or what a visit type needs, may be another now. A series announces each of its days.
    m_soon.setSingleShot(true);
    connect(&m_soon, &QTimer::timeout, this, [this] {
        if (m_slot)
            rank();
    });
    connect(&session, &ClinicSession::appointmentsChanged, this, &WaitingOffers::rankOfferSoon);
    connect(&session, &ClinicSession::directoryChanged, this, &WaitingOffers::rankOfferSoon);
}

void WaitingOffers::rankOfferSoon()
{
    if (m_slot)
        m_soon.start(0);
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
    m_soon.stop();
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
            candidates.push_back({std::move(each), std::nullopt, {}, {}});
    } else {
        std::vector<Appointment> entries;
        for (const WaitlistRow& each : waiting)
            entries.push_back(each.row.appointment);
        // Many wait for the same: one search answers for all of them.
        using Asked = std::tuple<HealthcareServiceId, Instant, Instant, std::chrono::minutes>;
        std::map<Asked, std::optional<Opening>> answers;
        std::map<std::size_t, Opening> found;
        const auto bookable = [&](std::size_t entry, const TimeRange& within,
                                  std::chrono::minutes length) -> std::optional<TimeRange> {
            const Asked asked(entries[entry].service, within.start, within.end, length);
            auto answer = answers.find(asked);
            if (answer == answers.end())
                answer = answers.emplace(asked, openingFor(entries[entry], within, length)).first;
            if (!answer->second)
                return std::nullopt;
            found[entry] = *answer->second;
            return answer->second->when;
        };
        for (WaitingFit& fit :
             fitsFor(*m_slot, entries, m_session.clock().now(), m_session.zone(), kUsualVisit, bookable)) {
            const std::size_t entry = fit.entry;
            const Opening& opening = found.at(entry);
            candidates.push_back({waiting[entry], std::move(fit), opening.room, opening.device});
        }
    }
    if (candidates == m_candidates)
        return;
    m_candidates = std::move(candidates);
    Q_EMIT changed();
}

std::optional<Opening> WaitingOffers::openingFor(const Appointment& entry, const TimeRange& within,
                                                 std::chrono::minutes length) const
{
    OpeningsRequest request;
    request.duration = length;
    request.practitioner = m_slot->practitioner;
    request.service = entry.service;
    request.needsRoom = !m_session.rooms().empty();
    request.earliest = within.start;
    request.days = 2; // the time may cross midnight
    request.limit = 1;
    auto openings = m_session.openings(request);
    if (!openings && openings.error().code == ErrorCode::NotFound && !entry.service.isEmpty()) {
        // A visit type that the clinic does not offer any more needs nothing.
        request.service = {};
        openings = m_session.openings(request);
    }
    if (!openings || openings->empty() || openings->front().when.end > within.end)
        return std::nullopt;
    return openings->front();
}

bool WaitingOffers::book(const WaitingCandidate& candidate)
{
    if (!m_slot || !candidate.fit)
        return false;
    const TimeRange when = candidate.fit->when;
    const auto opening = openingFor(candidate.entry.row.appointment, when,
                                    std::chrono::duration_cast<std::chrono::minutes>(when.end - when.start));
    if (!opening) {
        rank();
        return false;
    }
    const AppointmentRow seen = candidate.entry.row;
    AppointmentRow wished = seen;
    Appointment& visit = wished.appointment;
    visit.status = AppointmentStatus::Booked;
    visit.start = opening->when.start;
    visit.end = opening->when.end;
    visit.practitioner = m_slot->practitioner;
    visit.room = opening->room;
    visit.device = opening->device;
    visit.zone = m_session.zone().id().toStdString();
    m_slot.reset();
    m_editor.change(seen, wished, ScheduleChange::Offer);
    rank();
    return true;
}

void WaitingOffers::remove(const WaitlistRow& entry)
{
    AppointmentRow wished = entry.row;
    wished.appointment.status = AppointmentStatus::Cancelled;
    m_editor.change(entry.row, wished, ScheduleChange::Cancel);
}

} // namespace yarrow
