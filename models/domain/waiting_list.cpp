// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/waiting_list.h"

#include "models/domain/local_timeline.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace yarrow {
namespace {

using std::chrono::minutes;

constexpr minutes kGrid{5};

bool wantsDays(const WaitingWish& wish)
{
    return std::any_of(wish.weekdays.begin(), wish.weekdays.end(), [](bool wanted) { return wanted; });
}

bool wants(const WaitingWish& wish, const PractitionerId& practitioner)
{
    return std::find(wish.practitioners.begin(), wish.practitioners.end(), practitioner) !=
           wish.practitioners.end();
}

/// Where in the slot they would take a visit; nothing when nowhere.
std::optional<TimeRange> wantedIn(const FreeSlot& slot, const WaitingWish& wish, Instant now,
                                  const QTimeZone& zone)
{
    if (!wish.practitioners.empty() && !wants(wish, slot.practitioner))
        return std::nullopt;
    const QDate day = toLocalDate(slot.when.start, zone);
    if (wantsDays(wish) && !wish.weekdays[static_cast<std::size_t>(day.dayOfWeek() - 1)])
        return std::nullopt;
    TimeRange room = slot.when;
    if (const Instant earliest = now + wish.notice; earliest > room.start)
        room.start =
            LocalTimeline(zone, earliest, earliest + std::chrono::hours(1)).nextOnGrid(earliest, kGrid);
    if (room.end <= room.start)
        return std::nullopt;
    if (wish.times) {
        WeeklyHours hours;
        hours.days[static_cast<std::size_t>(day.dayOfWeek() - 1)] = {*wish.times};
        const auto inside = intersection({room}, workingTime(hours, day, zone));
        if (inside.empty())
            return std::nullopt;
        room = inside.front();
    }
    return room;
}

} // namespace

std::vector<WaitingFit> fitsFor(const FreeSlot& slot, const std::vector<Appointment>& entries, Instant now,
                                const QTimeZone& zone, minutes usual, const BookablePlace& bookable)
{
    std::vector<WaitingFit> fits;
    std::optional<Instant> longest;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].status != AppointmentStatus::Waitlist)
            continue;
        const WaitingWish& wish = entries[i].wish;
        const auto within = wantedIn(slot, wish, now, zone);
        const minutes length = wish.duration.count() > 0 ? wish.duration : usual;
        if (!within || within->end - within->start < length)
            continue;
        const auto when = bookable ? bookable(i, *within, length)
                                   : std::optional(TimeRange{within->start, within->start + length});
        if (!when)
            continue;
        if (wish.since && (!longest || *wish.since < *longest))
            longest = wish.since;
        WaitingFit fit{i, *when, {}};
        const auto because = [&](FitReason reason, bool holds) {
            if (holds)
                fit.reasons.push_back(reason);
        };
        because(FitReason::Priority, wish.priority > 0);
        because(FitReason::WantsThem, wants(wish, slot.practitioner));
        because(FitReason::WantsThisTime, wish.times.has_value() || wantsDays(wish));
        because(FitReason::FillsTheSlot, *when == slot.when);
        because(FitReason::TakesAnybody, wish.practitioners.empty());
        because(FitReason::TakesShortNotice, when->start - now < std::chrono::hours(24));
        fits.push_back(std::move(fit));
    }
    for (WaitingFit& fit : fits)
        if (const auto& since = entries[fit.entry].wish.since; fits.size() > 1 && since && since == longest)
            fit.reasons.push_back(FitReason::WaitedLongest);
    const auto rank = [&](const WaitingFit& fit) {
        const WaitingWish& wish = entries[fit.entry].wish;
        const auto has = [&](FitReason reason) {
            return std::find(fit.reasons.begin(), fit.reasons.end(), reason) != fit.reasons.end();
        };
        return std::tuple(wish.priority > 0 ? wish.priority : std::numeric_limits<int>::max(),
                          !has(FitReason::WantsThem), !has(FitReason::WantsThisTime),
                          -(fit.when.end - fit.when.start), wish.since.value_or(Instant::max()),
                          entries[fit.entry].id);
    };
    std::sort(fits.begin(), fits.end(),
              [&](const WaitingFit& a, const WaitingFit& b) { return rank(a) < rank(b); });
    for (WaitingFit& fit : fits)
        std::sort(fit.reasons.begin(), fit.reasons.end());
    return fits;
}

} // namespace yarrow
