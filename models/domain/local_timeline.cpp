// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/local_timeline.h"

#include <algorithm>

namespace yarrow {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr std::chrono::hours kMargin{48};
constexpr qint64 kUnixEpochJulianDay = 2'440'588;
constexpr milliseconds kDay = std::chrono::hours(24);

QDateTime toQt(Instant instant)
{
    return QDateTime::fromMSecsSinceEpoch(instant.time_since_epoch().count(), Qt::UTC);
}

/// What a clock on the wall shows, counted as if it showed UTC.
Instant wallClock(QDate day, QTime time)
{
    return Instant((day.toJulianDay() - kUnixEpochJulianDay) * kDay +
                   milliseconds(time.msecsSinceStartOfDay()));
}

Instant roundUp(Instant instant, milliseconds unit)
{
    const auto past = instant.time_since_epoch() % unit;
    if (past == milliseconds(0))
        return instant;
    return instant - past + (past > milliseconds(0) ? unit : milliseconds(0));
}

} // namespace

LocalTimeline::LocalTimeline(const QTimeZone& zone, Instant from, Instant until)
{
    YARROW_ASSERT(zone.isValid());
    const Instant first = from - kMargin;
    m_stretches.push_back({Instant::min(), milliseconds(zone.offsetFromUtc(toQt(first)) * qint64(1000))});
    if (!zone.hasTransitions())
        return;
    for (const auto& change : zone.transitions(toQt(first), toQt(until + kMargin))) {
        const milliseconds offset(change.offsetFromUtc * qint64(1000));
        if (offset != m_stretches.back().offset)
            m_stretches.push_back({Instant(milliseconds(change.atUtc.toMSecsSinceEpoch())), offset});
    }
}

std::size_t LocalTimeline::stretchAt(Instant instant) const noexcept
{
    const auto after = std::upper_bound(m_stretches.begin(), m_stretches.end(), instant,
                                        [](Instant i, const Stretch& s) { return i < s.start; });
    return static_cast<std::size_t>(after - m_stretches.begin()) - 1;
}

Instant LocalTimeline::endOf(std::size_t stretch) const noexcept
{
    return stretch + 1 < m_stretches.size() ? m_stretches[stretch + 1].start : Instant::max();
}

milliseconds LocalTimeline::offsetAt(Instant instant) const noexcept
{
    return m_stretches[stretchAt(instant)].offset;
}

QDate LocalTimeline::dayOf(Instant instant) const noexcept
{
    const auto local = (instant + offsetAt(instant)).time_since_epoch();
    return QDate::fromJulianDay(std::chrono::floor<std::chrono::days>(local).count() + kUnixEpochJulianDay);
}

QTime LocalTimeline::timeOf(Instant instant) const noexcept
{
    const auto local = (instant + offsetAt(instant)).time_since_epoch();
    const auto sinceMidnight = local - std::chrono::floor<std::chrono::days>(local);
    return QTime::fromMSecsSinceStartOfDay(static_cast<int>(sinceMidnight.count()));
}

Instant LocalTimeline::toInstant(QDate day, QTime time) const noexcept
{
    const Instant wall = wallClock(day, time);
    for (std::size_t i = 0; i + 1 < m_stretches.size(); ++i) {
        const Stretch& stretch = m_stretches[i];
        // The earliest stretch in which the wall clock had not yet passed that time. If it is before the
        // stretch began, it lies in the gap in front of it.
        if (wall < endOf(i) + stretch.offset)
            return std::max(wall - stretch.offset, stretch.start);
    }
    return std::max(wall - m_stretches.back().offset, m_stretches.back().start);
}

TimeRange LocalTimeline::localDay(QDate day) const noexcept
{
    return {toInstant(day, QTime(0, 0)), toInstant(day.addDays(1), QTime(0, 0))};
}

TimeRange LocalTimeline::toRange(QDate day, const LocalRange& range) const noexcept
{
    const QTime midnight(0, 0);
    const Instant from = toInstant(day, range.from);
    if (range.until == midnight)
        return {from, toInstant(day.addDays(1), midnight)};
    if (range.until <= range.from)
        return {from, from};
    return {from, toInstant(day, range.until)};
}

void LocalTimeline::appendHours(const WeeklyHours& hours, QDate day, std::vector<TimeRange>& out) const
{
    for (const LocalRange& range : hours.days[static_cast<std::size_t>(day.dayOfWeek() - 1)])
        out.push_back(toRange(day, range));
}

Instant LocalTimeline::nextOnGrid(Instant instant, minutes grid) const noexcept
{
    for (std::size_t i = stretchAt(instant);; ++i) {
        const milliseconds offset = m_stretches[i].offset;
        const Instant minute = roundUp(instant + offset, minutes(1));
        const auto hour = std::chrono::floor<std::chrono::hours>(minute);
        const Instant next = std::min(hour + roundUp(Instant(minute - hour), grid).time_since_epoch(),
                                      Instant(hour) + milliseconds(std::chrono::hours(1)));
        // At the full hour the count starts anew, so that a grid of 25 gives :00, :25, :50, :00.
        if (next - offset < endOf(i))
            return next - offset;
        instant = endOf(i);
    }
}

} // namespace yarrow
