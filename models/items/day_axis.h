// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/opening_hours.h"

#include <chrono>
#include <vector>

namespace yarrow {

/// The time axis of one local day on a calendar. It runs in real minutes: a day on which the clocks change is
/// 23 or 25 hours long on it, a local hour that does not exist has no place, one that comes twice has two.
class DayAxis
{
public:
    DayAxis() = default;
    /// With `byTheWall` it runs in minutes of the clock on the wall instead, so that days stand side by side
    /// at the same height: an hour that is skipped stays empty, one that comes twice is shown as one.
    DayAxis(QDate day, const QTimeZone& zone, TimeRange visible, bool byTheWall = false);

    [[nodiscard]] QDate day() const noexcept { return m_day; }
    [[nodiscard]] const QTimeZone& zone() const noexcept { return m_zone; }
    [[nodiscard]] const TimeRange& visible() const noexcept { return m_visible; }
    [[nodiscard]] double lengthInMinutes() const noexcept { return minutesAt(m_visible.end); }

    bool operator==(const DayAxis&) const = default;

    /// Minutes since the visible start; negative before it.
    [[nodiscard]] double minutesAt(Instant instant) const noexcept;
    [[nodiscard]] Instant instantAt(double minutes) const noexcept;

    /// The clock on the wall, for moments near the day.
    [[nodiscard]] QTime localTime(Instant instant) const noexcept;
    /// The nearest moment, not later, at which the wall clock shows a multiple of `grid`, which divides the
    /// hour.
    [[nodiscard]] Instant snappedDown(Instant instant, std::chrono::minutes grid) const noexcept;
    /// The same, but the nearer of earlier and later.
    [[nodiscard]] Instant snapped(Instant instant, std::chrono::minutes grid) const noexcept;
    /// Whether the wall clock shows this time twice on this day.
    [[nodiscard]] bool isAmbiguous(Instant instant) const noexcept;

    struct Tick
    {
        Instant at;
        QTime local;
        bool hour = false;      ///< on a full local hour
        bool ambiguous = false; ///< needs the zone's abbreviation to be told from its twin
        bool operator==(const Tick&) const = default;
    };
    /// Every multiple of `grid` in the visible range, its start included and its end not.
    [[nodiscard]] std::vector<Tick> ticks(std::chrono::minutes grid) const;

private:
    struct Offset
    {
        Instant from;
        std::chrono::seconds utc{0};
        bool operator==(const Offset&) const = default;
    };
    [[nodiscard]] std::chrono::seconds offsetAt(Instant instant) const noexcept;

    QDate m_day;
    QTimeZone m_zone;
    TimeRange m_visible;
    bool m_byTheWall = false;
    std::vector<Offset> m_offsets; ///< sorted; the first one also holds for all earlier moments
};

/// What a calendar shows of a day: the opening hours with half an hour around them, widened to whatever
/// `occupied` has on that day, out to full local hours, never past the day's midnights. A day without hours
/// shows 08:00 to 18:00.
[[nodiscard]] TimeRange visibleRange(QDate day, const QTimeZone& zone, const std::vector<TimeRange>& open,
                                     const std::vector<TimeRange>& occupied);

} // namespace yarrow
