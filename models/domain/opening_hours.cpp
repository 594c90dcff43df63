// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/opening_hours.h"

#include "models/domain/local_timeline.h"

#include <algorithm>

namespace yarrow {
namespace {

/// A timeline that knows the day and its neighbours, wherever on Earth.
LocalTimeline timelineAround(QDate day, const QTimeZone& zone)
{
    const Instant noon(
        std::chrono::milliseconds(day.startOfDay(Qt::UTC).addSecs(12 * 3600).toMSecsSinceEpoch()));
    return LocalTimeline(zone, noon, noon);
}

} // namespace

bool WeeklyHours::hasHours() const noexcept
{
    return std::any_of(days.begin(), days.end(), [](const auto& ranges) { return !ranges.empty(); });
}

Instant toInstant(QDate day, QTime time, const QTimeZone& zone)
{
    return timelineAround(day, zone).toInstant(day, time);
}

QDate toLocalDate(Instant instant, const QTimeZone& zone)
{
    return LocalTimeline(zone, instant, instant).dayOf(instant);
}

TimeRange localDay(QDate day, const QTimeZone& zone)
{
    return timelineAround(day, zone).localDay(day);
}

std::vector<TimeRange> workingTime(const WeeklyHours& hours, QDate day, const QTimeZone& zone)
{
    std::vector<TimeRange> ranges;
    timelineAround(day, zone).appendHours(hours, day, ranges);
    return normalized(std::move(ranges));
}

std::vector<TimeRange> normalized(std::vector<TimeRange> ranges)
{
    std::erase_if(ranges, [](const TimeRange& range) { return range.end <= range.start; });
    const auto byStart = [](const TimeRange& a, const TimeRange& b) { return a.start < b.start; };
    if (!std::is_sorted(ranges.begin(), ranges.end(), byStart))
        std::sort(ranges.begin(), ranges.end(), byStart);

    std::size_t kept = 0;
    for (const TimeRange& range : ranges) {
        if (kept > 0 && range.start <= ranges[kept - 1].end)
            ranges[kept - 1].end = std::max(ranges[kept - 1].end, range.end);
        else
            ranges[kept++] = range;
    }
    ranges.resize(kept);
    return ranges;
}

std::vector<TimeRange> intersection(const std::vector<TimeRange>& a, const std::vector<TimeRange>& b)
{
    std::vector<TimeRange> common;
    for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
        const TimeRange both{std::max(i->start, j->start), std::min(i->end, j->end)};
        if (both.start < both.end)
            common.push_back(both);
        if (i->end < j->end)
            ++i;
        else
            ++j;
    }
    return common;
}

std::vector<TimeRange> difference(const std::vector<TimeRange>& a, const std::vector<TimeRange>& b)
{
    std::vector<TimeRange> left;
    auto taken = b.begin();
    for (TimeRange rest : a) {
        while (taken != b.end() && taken->end <= rest.start)
            ++taken;
        for (auto cut = taken; cut != b.end() && cut->start < rest.end; ++cut) {
            if (rest.start < cut->start)
                left.push_back({rest.start, cut->start});
            rest.start = std::max(rest.start, cut->end);
        }
        if (rest.start < rest.end)
            left.push_back(rest);
    }
    return left;
}

} // namespace yarrow
