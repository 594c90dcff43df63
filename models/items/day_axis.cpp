// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/day_axis.h"

#include <QDateTime>

#include <algorithm>

namespace yarrow {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes kMargin{30};

QDateTime toUtc(Instant instant)
{
    return QDateTime::fromMSecsSinceEpoch(instant.time_since_epoch().count(), Qt::UTC);
}

Instant fromDateTime(const QDateTime& moment)
{
    return Instant(milliseconds(moment.toMSecsSinceEpoch()));
}

/// Time since local midnight of whichever day it is.
milliseconds sinceMidnight(Instant instant, seconds offset)
{
    constexpr milliseconds kDay = hours(24);
    const milliseconds local = instant.time_since_epoch() + offset;
    const milliseconds rest = local % kDay;
    return rest < milliseconds(0) ? rest + kDay : rest;
}

} // namespace

DayAxis::DayAxis(QDate day, const QTimeZone& zone, TimeRange visible, bool byTheWall)
    : m_day(day)
    , m_zone(zone)
    , m_visible(visible)
    , m_byTheWall(byTheWall)
{
    const QDateTime first = toUtc(visible.start - hours(48));
    m_offsets.push_back({fromDateTime(first), seconds(zone.offsetFromUtc(first))});
    if (zone.hasTransitions())
        for (const auto& change : zone.transitions(first, toUtc(visible.end + hours(48))))
            m_offsets.push_back({fromDateTime(change.atUtc), seconds(change.offsetFromUtc)});
}

double DayAxis::minutesAt(Instant instant) const noexcept
{
    milliseconds distance = instant - m_visible.start;
    if (m_byTheWall)
        distance += offsetAt(instant) - offsetAt(m_visible.start);
    return std::chrono::duration<double, std::ratio<60>>(distance).count();
}

Instant DayAxis::instantAt(double minutesFromStart) const noexcept
{
    const std::chrono::duration<double, std::ratio<60>> distance(minutesFromStart);
    const Instant instant = m_visible.start + std::chrono::round<milliseconds>(distance);
    return m_byTheWall ? instant - (offsetAt(instant) - offsetAt(m_visible.start)) : instant;
}

seconds DayAxis::offsetAt(Instant instant) const noexcept
{
    seconds offset{0};
    if (!m_offsets.empty())
        offset = m_offsets.front().utc;
    for (const Offset& change : m_offsets)
        if (change.from <= instant)
            offset = change.utc;
    return offset;
}

QTime DayAxis::localTime(Instant instant) const noexcept
{
    return QTime::fromMSecsSinceStartOfDay(
        static_cast<int>(sinceMidnight(instant, offsetAt(instant)).count()));
}

Instant DayAxis::snappedDown(Instant instant, minutes grid) const noexcept
{
    return instant - sinceMidnight(instant, offsetAt(instant)) % hours(1) % grid;
}

Instant DayAxis::snapped(Instant instant, minutes grid) const noexcept
{
    const Instant below = snappedDown(instant, grid);
    const Instant next = below + grid;
    return instant - below <= next - instant ? below : next;
}

bool DayAxis::isAmbiguous(Instant instant) const noexcept
{
    for (std::size_t i = 1; i < m_offsets.size(); ++i) {
        const seconds back = m_offsets[i - 1].utc - m_offsets[i].utc;
        if (back > seconds(0) && instant >= m_offsets[i].from - back && instant < m_offsets[i].from + back)
            return true;
    }
    return false;
}

std::vector<DayAxis::Tick> DayAxis::ticks(minutes grid) const
{
    std::vector<Tick> found;
    Instant at = snappedDown(m_visible.start, grid);
    while (at < m_visible.end) {
        if (at >= m_visible.start) {
            const QTime local = localTime(at);
            found.push_back({at, local, local.minute() == 0, isAmbiguous(at)});
        }
        at += grid;
    }
    return found;
}

TimeRange visibleRange(QDate day, const QTimeZone& zone, const std::vector<TimeRange>& open,
                       const std::vector<TimeRange>& occupied)
{
    const TimeRange whole = localDay(day, zone);
    TimeRange shown;
    if (open.empty()) {
        shown = {toInstant(day, QTime(8, 0), zone), toInstant(day, QTime(18, 0), zone)};
    } else {
        shown = open.front();
        for (const TimeRange& range : open)
            shown = {std::min(shown.start, range.start), std::max(shown.end, range.end)};
        shown = {shown.start - kMargin, shown.end + kMargin};
    }
    for (const TimeRange& range : occupied)
        if (range.start < whole.end && range.end > whole.start)
            shown = {std::min(shown.start, range.start), std::max(shown.end, range.end)};

    const DayAxis axis(day, zone, whole);
    const Instant start = axis.snappedDown(shown.start, hours(1));
    const Instant below = axis.snappedDown(shown.end, hours(1));
    const Instant end = below == shown.end ? below : below + hours(1);
    return {std::max(start, whole.start), std::min(end, whole.end)};
}

} // namespace yarrow
