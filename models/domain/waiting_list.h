// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/appointment.h"
#include "models/domain/opening_hours.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace yarrow {

/// A time of a practitioner that can be offered to somebody who waits.
struct FreeSlot
{
    PractitionerId practitioner;
    TimeRange when;
    bool operator==(const FreeSlot&) const = default;
};

/// Why somebody is offered a slot before somebody else; the order is that of their weight.
enum class FitReason {
    Priority,         ///< was given one
    WantsThem,        ///< this practitioner was asked for
    WantsThisTime,    ///< the weekday or the part of the day was asked for
    FillsTheSlot,     ///< nothing of it is left
    WaitedLongest,    ///< of all who fit
    TakesAnybody,     ///< asked for nobody
    TakesShortNotice, ///< of less than a day
};

struct WaitingFit
{
    std::size_t entry = 0; ///< position in the list that was given
    TimeRange when;        ///< of the visit, inside the slot
    std::vector<FitReason> reasons;
    bool operator==(const WaitingFit&) const = default;
};

/// Where in `within` the visit of entries[entry], of that length, can really be booked: with the room and the
/// device that it needs. Nothing when nowhere.
using BookablePlace = std::function<std::optional<TimeRange>(std::size_t entry, const TimeRange& within,
                                                             std::chrono::minutes length)>;

/// Who of `entries` (with status waitlist) would take the slot, best first: by priority, then whether they
/// asked for the practitioner, then for the time, then how much of the slot they fill, then how long they
/// have waited. Nobody is offered what they did not want: another practitioner, another weekday or part of
/// the day, less notice than they need, less time than the visit takes, what `bookable` says cannot be
/// booked. A visit without a length takes `usual`. Starts are on a grid of five minutes of the local hour.
/// Without `bookable` the slot is all that is needed. A pure function, as far as `bookable` is one.
[[nodiscard]] std::vector<WaitingFit> fitsFor(const FreeSlot& slot, const std::vector<Appointment>& entries,
                                              Instant now, const QTimeZone& zone, std::chrono::minutes usual,
                                              const BookablePlace& bookable = {});

} // namespace yarrow
