// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/lanes.h"

#include <algorithm>
#include <numeric>

namespace yarrow {
namespace {

TimeRange atLeastAMinute(const TimeRange& range)
{
    return {range.start, std::max(range.end, range.start + std::chrono::minutes(1))};
}

bool overlap(const TimeRange& a, const TimeRange& b)
{
    return a.start < b.end && b.start < a.end;
}

} // namespace

std::vector<LanePlace> assignLanes(const std::vector<TimeRange>& given)
{
    std::vector<TimeRange> ranges(given.size());
    std::transform(given.begin(), given.end(), ranges.begin(), atLeastAMinute);
    std::vector<std::size_t> order(ranges.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return ranges[a].start != ranges[b].start ? ranges[a].start < ranges[b].start
                                                  : ranges[a].end > ranges[b].end;
    });

    std::vector<LanePlace> places(ranges.size());
    for (std::size_t first = 0; first < order.size();) {
        // One group: everything that hangs together by overlapping.
        std::vector<Instant> laneEnds;
        Instant groupEnd = ranges[order[first]].end;
        std::size_t last = first;
        for (; last < order.size() && ranges[order[last]].start < groupEnd; ++last) {
            const TimeRange& range = ranges[order[last]];
            groupEnd = std::max(groupEnd, range.end);
            auto lane = std::find_if(laneEnds.begin(), laneEnds.end(),
                                     [&](Instant end) { return end <= range.start; });
            if (lane == laneEnds.end())
                lane = laneEnds.insert(laneEnds.end(), range.end);
            else
                *lane = range.end;
            places[order[last]].lane = static_cast<int>(lane - laneEnds.begin());
        }
        const int lanes = static_cast<int>(laneEnds.size());
        for (std::size_t i = first; i < last; ++i) {
            LanePlace& place = places[order[i]];
            place.lanes = lanes;
            int edge = lanes;
            for (std::size_t j = first; j < last; ++j)
                if (places[order[j]].lane > place.lane && overlap(ranges[order[i]], ranges[order[j]]))
                    edge = std::min(edge, places[order[j]].lane);
            place.span = edge - place.lane;
        }
        first = last;
    }
    return places;
}

} // namespace yarrow
