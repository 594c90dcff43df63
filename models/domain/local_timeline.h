// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "models/domain/opening_hours.h"

#include <QDate>
#include <QTime>
#include <QTimeZone>

#include <chrono>
#include <vector>

namespace yarrow {

/// A time zone's changes over a limited time, looked up once. Reckoning with it is a few additions, where
/// QTimeZone evaluates the zone's rules for each question. Thread-safe, since it never changes.
class LocalTimeline
{
public:
    /// Knows every moment of [from, until) and two days on either side. `zone` is valid.
    LocalTimeline(const QTimeZone& zone, Instant from, Instant until);

    [[nodiscard]] std::chrono::milliseconds offsetAt(Instant instant) const noexcept; ///< local less UTC
    [[nodiscard]] QDate dayOf(Instant instant) const noexcept;
    [[nodiscard]] QTime timeOf(Instant instant) const noexcept;

    /// As the free functions of the same names in opening_hours.h.
    [[nodiscard]] Instant toInstant(QDate day, QTime time) const noexcept;
    [[nodiscard]] TimeRange localDay(QDate day) const noexcept;

    /// A stretch of that local day in UTC; empty when `until` is not after `from`.
    [[nodiscard]] TimeRange toRange(QDate day, const LocalRange& range) const noexcept;
    /// Appends the hours of that day, in the order they are given and as they are.
    void appendHours(const WeeklyHours& hours, QDate day, std::vector<TimeRange>& out) const;

    /// The first moment at or after `instant` that is a whole minute, its minute of the local hour a multiple
    /// of `grid` (1 to 60).
    [[nodiscard]] Instant nextOnGrid(Instant instant, std::chrono::minutes grid) const noexcept;

private:
    /// From `start` until the next one's start, local time is UTC plus `offset`.
    struct Stretch
    {
        Instant start;
        std::chrono::milliseconds offset;
    };
    [[nodiscard]] std::size_t stretchAt(Instant instant) const noexcept;
    [[nodiscard]] Instant endOf(std::size_t stretch) const noexcept;

    std::vector<Stretch> m_stretches; ///< never empty; the first one reaches back without end
};

} // namespace yarrow
