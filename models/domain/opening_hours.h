// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"

#include <QDate>
#include <QString>
#include <QTime>
#include <QTimeZone>

#include <array>
#include <vector>

namespace yarrow {

/// A half-open stretch of time, [start, end) in UTC. Empty when end ≤ start.
struct TimeRange
{
    Instant start;
    Instant end;
    bool operator==(const TimeRange&) const = default;
};

/// A stretch of a local day, [from, until). `until` at 00:00 means midnight at the day's end; otherwise
/// `until` at or before `from` makes it empty.
struct LocalRange
{
    QTime from;
    QTime until;
    bool operator==(const LocalRange&) const = default;
};

/// Working hours of each weekday, in the clinic's local time. No ranges on any day means "no hours given",
/// which `hasHours` tells; someone without hours is taken to work when the clinic is open.
struct WeeklyHours
{
    std::array<std::vector<LocalRange>, 7> days; ///< 0 is Monday (ISO 8601)
    [[nodiscard]] bool hasHours() const noexcept;
    bool operator==(const WeeklyHours&) const = default;
};

/// A time in which nothing may be booked: a holiday, a meeting, lunch.
struct Blockout
{
    TimeRange when;
    QString reason;
    bool operator==(const Blockout&) const = default;
};

/// A moment of local time as UTC. In a gap of daylight saving (02:30 does not exist) the moment the clocks
/// spring to; in a fold (02:30 comes twice) the first of the two.
[[nodiscard]] Instant toInstant(QDate day, QTime time, const QTimeZone& zone);
/// The day the calendar on the wall shows at that moment.
[[nodiscard]] QDate toLocalDate(Instant instant, const QTimeZone& zone);
/// The local day, as [midnight, next midnight): 23 or 25 hours long when the clocks change.
[[nodiscard]] TimeRange localDay(QDate day, const QTimeZone& zone);

/// The hours of one local day as UTC ranges, sorted, merged, without empty ones.
[[nodiscard]] std::vector<TimeRange> workingTime(const WeeklyHours& hours, QDate day, const QTimeZone& zone);

// Arithmetic on sorted, disjoint ranges without empty ones; normalized() makes them so, the others keep them
// so.
[[nodiscard]] std::vector<TimeRange>
normalized(std::vector<TimeRange> ranges); ///< sorts, merges, drops empty ones
[[nodiscard]] std::vector<TimeRange> intersection(const std::vector<TimeRange>& a,
                                                  const std::vector<TimeRange>& b);
[[nodiscard]] std::vector<TimeRange> difference(const std::vector<TimeRange>& a,
                                                const std::vector<TimeRange>& b);

} // namespace yarrow
