// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/openings.h"

#include "models/domain/local_timeline.h"

#include <algorithm>
#include <cstddef>

namespace yarrow {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

using Ranges = std::vector<TimeRange>;

const Instant kFirstInstant{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}};
const Instant kLastInstant{std::chrono::sys_days{std::chrono::year{9998} / 12 / 31}};

const char* whatIsOutOfRange(const OpeningsQuery& query)
{
    if (query.duration < minutes(1) || query.duration > std::chrono::hours(24))
        return "duration";
    if (query.earliest < kFirstInstant || query.earliest > kLastInstant)
        return "earliest";
    if (query.days < 1 || query.days > 366)
        return "days";
    if (query.grid < minutes(1) || query.grid > minutes(60))
        return "grid";
    const auto inRange = [](minutes buffer) {
        return buffer >= minutes(0) && buffer <= std::chrono::hours(24);
    };
    if (!inRange(query.bufferBefore) || !inRange(query.bufferAfter))
        return "buffer";
    if (!query.zone.isValid())
        return "zone";
    if (const auto& range = query.timeOfDay) {
        const bool reachesMidnight = range->until == QTime(0, 0);
        if (!range->from.isValid() || !range->until.isValid() ||
            (!reachesMidnight && range->until <= range->from))
            return "timeOfDay";
    }
    return nullptr;
}

/// The days that are searched.
struct Window
{
    LocalTimeline timeline;
    QDate firstDay;
    int days;
    TimeRange whole;

    explicit Window(const OpeningsQuery& query)
        : timeline(query.zone, query.earliest, query.earliest + std::chrono::hours(24) * query.days)
        , firstDay(timeline.dayOf(query.earliest))
        , days(query.days)
        , whole{query.earliest, timeline.localDay(firstDay.addDays(query.days - 1)).end}
    {}

    [[nodiscard]] Ranges hours(const WeeklyHours& weekly) const
    {
        Ranges ranges;
        for (int day = 0; day < days; ++day)
            timeline.appendHours(weekly, firstDay.addDays(day), ranges);
        return intersection(normalized(std::move(ranges)), {whole});
    }

    /// The starts from which `duration` lies inside `range` on one day.
    [[nodiscard]] Ranges startsWithin(const LocalRange& range, milliseconds duration) const;
};

/// Of free stretches, the moments at which something of that length can start.
Ranges startsIn(const Ranges& free, milliseconds duration)
{
    Ranges starts;
    starts.reserve(free.size());
    for (const TimeRange& range : free) {
        if (range.end - range.start >= duration)
            starts.push_back({range.start, range.end - duration + milliseconds(1)});
    }
    return normalized(std::move(starts));
}

Ranges Window::startsWithin(const LocalRange& range, milliseconds duration) const
{
    Ranges starts;
    for (int day = 0; day < days; ++day) {
        const Ranges ofDay = startsIn({timeline.toRange(firstDay.addDays(day), range)}, duration);
        starts.insert(starts.end(), ofDay.begin(), ofDay.end());
    }
    return normalized(std::move(starts));
}

Ranges timesOf(const std::vector<Blockout>& blockouts)
{
    Ranges times;
    times.reserve(blockouts.size());
    for (const Blockout& blockout : blockouts)
        times.push_back(blockout.when);
    return times;
}

/// When each of a kind of actor could start, and when any of them could.
struct Candidates
{
    std::vector<Ranges> each;
    Ranges any;
};

/// Where something that long, with the buffers around it, meets nothing that is busy.
Ranges startsBeside(std::vector<TimeRange> busy, const OpeningsQuery& query, const TimeRange& whole)
{
    // What begins in the window may have its buffers outside of it.
    const TimeRange wide{whole.start - query.bufferBefore, whole.end + query.bufferAfter};
    Ranges starts = startsIn(difference({wide}, normalized(std::move(busy))),
                             query.bufferBefore + query.duration + query.bufferAfter);
    for (TimeRange& range : starts) {
        range.start += query.bufferBefore;
        range.end += query.bufferBefore;
    }
    return starts;
}

template <class ActorId>
Candidates candidates(const std::vector<std::pair<ActorId, BookableActor>>& actors, const Window& window,
                      const Ranges& clinicHours, const OpeningsQuery& query)
{
    Candidates result;
    result.each.reserve(actors.size());
    for (const auto& [id, actor] : actors) {
        const Ranges present = difference(actor.hours.hasHours() ? window.hours(actor.hours) : clinicHours,
                                          normalized(timesOf(actor.blockouts)));
        result.each.push_back(
            intersection(startsIn(present, query.duration), startsBeside(actor.busy, query, window.whole)));
        result.any.insert(result.any.end(), result.each.back().begin(), result.each.back().end());
    }
    result.any = normalized(std::move(result.any));
    return result;
}

bool contains(const Ranges& ranges, Instant instant)
{
    const auto after = std::upper_bound(ranges.begin(), ranges.end(), instant,
                                        [](Instant i, const TimeRange& range) { return i < range.start; });
    return after != ranges.begin() && instant < std::prev(after)->end;
}

/// The first actor that can start at `start`; empty when no such actor was asked for.
template <class ActorId>
ActorId firstFree(const std::vector<std::pair<ActorId, BookableActor>>& actors, const Candidates& starts,
                  Instant start)
{
    for (std::size_t i = 0; i < actors.size(); ++i) {
        if (contains(starts.each[i], start))
            return actors[i].first;
    }
    YARROW_ASSERT(actors.empty());
    return {};
}

/// Walks one practitioner's openings in order of time, as far as it is asked.
class Walk
{
public:
    /// `length`: of an opening with its buffers; the next one is not before its end.
    Walk(Ranges starts, minutes grid, milliseconds length, const LocalTimeline& timeline)
        : m_starts(std::move(starts))
        , m_grid(grid)
        , m_duration(length)
        , m_timeline(&timeline)
    {
        if (!m_starts.empty())
            seek(m_starts.front().start);
    }
    [[nodiscard]] std::optional<Instant> next() const { return m_next; }
    void advance() { seek(*m_next + m_duration); }

private:
    void seek(Instant from)
    {
        m_next.reset();
        for (; m_range < m_starts.size(); ++m_range) {
            const TimeRange& range = m_starts[m_range];
            if (from >= range.end)
                continue;
            const Instant start = m_timeline->nextOnGrid(std::max(from, range.start), m_grid);
            if (start < range.end) {
                m_next = start;
                return;
            }
        }
    }

    Ranges m_starts;
    minutes m_grid;
    milliseconds m_duration;
    const LocalTimeline* m_timeline;
    std::size_t m_range = 0;
    std::optional<Instant> m_next;
};

/// When a visit could start: each practitioner, room and device, and the visit whoever it is with.
struct Starts
{
    Candidates practitioners;
    Candidates rooms;
    Candidates devices;
    Ranges possible; ///< with one of the rooms and one of the devices
};

Starts startsOf(const OpeningsQuery& query, const Window& window)
{
    const Ranges clinicHours = window.hours(query.clinicHours);
    Starts starts{candidates(query.practitioners, window, clinicHours, query),
                  candidates(query.rooms, window, clinicHours, query),
                  candidates(query.devices, window, clinicHours, query),
                  {}};
    const bool nobodyAsked = query.practitioners.empty() && query.rooms.empty() && query.devices.empty();
    starts.possible = startsIn(
        difference(nobodyAsked ? clinicHours : Ranges{window.whole}, normalized(timesOf(query.closures))),
        query.duration);
    if (query.timeOfDay)
        starts.possible =
            intersection(starts.possible, window.startsWithin(*query.timeOfDay, query.duration));
    if (!query.rooms.empty())
        starts.possible = intersection(starts.possible, starts.rooms.any);
    if (!query.devices.empty())
        starts.possible = intersection(starts.possible, starts.devices.any);
    return starts;
}

Opening openingAt(Instant start, const OpeningsQuery& query, const Starts& starts, std::size_t practitioner)
{
    Opening opening{{start, start + query.duration}, {}, {}, {}};
    if (!query.practitioners.empty())
        opening.practitioner = query.practitioners[practitioner].first;
    opening.room = firstFree(query.rooms, starts.rooms, start);
    opening.device = firstFree(query.devices, starts.devices, start);
    return opening;
}

/// Takes the first `limit` starts of all walks, calling `take(start, position of the walk)`.
template <class Take>
void takeInOrder(std::vector<Walk>& walks, std::size_t limit, Take take)
{
    for (std::size_t taken = 0; taken < limit; ++taken) {
        // The earliest of all walks; the first one given among equals.
        Walk* earliest = nullptr;
        for (Walk& walk : walks) {
            if (walk.next() && (earliest == nullptr || *walk.next() < *earliest->next()))
                earliest = &walk;
        }
        if (earliest == nullptr)
            return;
        take(*earliest->next(), static_cast<std::size_t>(earliest - walks.data()));
        earliest->advance();
    }
}

milliseconds withBuffers(const OpeningsQuery& query)
{
    return query.bufferBefore + query.duration + query.bufferAfter;
}

Ranges movedBack(Ranges ranges, milliseconds by)
{
    for (TimeRange& range : ranges) {
        range.start -= by;
        range.end -= by;
    }
    return ranges;
}

} // namespace

Result<std::vector<Opening>> findOpenings(const OpeningsQuery& query)
{
    if (const char* what = whatIsOutOfRange(query))
        return fail(ErrorCode::InvalidArgument, what);
    const Window window(query);
    const Starts starts = startsOf(query, window);
    std::vector<Walk> walks;
    if (query.practitioners.empty())
        walks.emplace_back(starts.possible, query.grid, withBuffers(query), window.timeline);
    for (const Ranges& each : starts.practitioners.each)
        walks.emplace_back(intersection(starts.possible, each), query.grid, withBuffers(query),
                           window.timeline);
    std::vector<Opening> openings;
    takeInOrder(walks, query.limit, [&](Instant start, std::size_t walk) {
        openings.push_back(openingAt(start, query, starts, walk));
    });
    return openings;
}

Result<std::vector<std::vector<Opening>>> findOpeningsInARow(const std::vector<OpeningsQuery>& visits)
{
    if (visits.empty())
        return fail(ErrorCode::InvalidArgument, "visits");
    const OpeningsQuery& first = visits.front();
    std::vector<OpeningsQuery> queries = visits;
    for (OpeningsQuery& query : queries) {
        query.earliest = first.earliest;
        query.days = first.days;
        query.timeOfDay = first.timeOfDay;
        query.grid = first.grid;
        query.clinicHours = first.clinicHours;
        query.closures = first.closures;
        query.zone = first.zone;
        query.practitioners = first.practitioners;
        if (const char* what = whatIsOutOfRange(query))
            return fail(ErrorCode::InvalidArgument, what);
    }
    const Window window(first);
    std::vector<Starts> starts;
    std::vector<milliseconds> offsets; // of each visit from the start of the first
    milliseconds offset{0};
    for (const OpeningsQuery& query : queries) {
        if (!offsets.empty())
            offset += query.bufferBefore;
        offsets.push_back(offset);
        offset += query.duration + query.bufferAfter;
        starts.push_back(startsOf(query, window));
    }
    const milliseconds length = first.bufferBefore + offset;
    std::vector<Walk> walks;
    for (std::size_t who = 0; who < std::max<std::size_t>(1, first.practitioners.size()); ++who) {
        Ranges all{window.whole};
        for (std::size_t i = 0; i < queries.size(); ++i) {
            Ranges ofVisit = starts[i].possible;
            if (!first.practitioners.empty())
                ofVisit = intersection(ofVisit, starts[i].practitioners.each[who]);
            all = intersection(all, movedBack(std::move(ofVisit), offsets[i]));
        }
        walks.emplace_back(std::move(all), first.grid, length, window.timeline);
    }
    std::vector<std::vector<Opening>> rows;
    takeInOrder(walks, first.limit, [&](Instant start, std::size_t who) {
        std::vector<Opening> row;
        for (std::size_t i = 0; i < queries.size(); ++i)
            row.push_back(openingAt(start + offsets[i], queries[i], starts[i], who));
        rows.push_back(std::move(row));
    });
    return rows;
}

} // namespace yarrow
