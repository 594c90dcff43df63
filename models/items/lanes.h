// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/opening_hours.h"

#include <vector>

namespace yarrow {

/// Where a card stands among those it overlaps: it covers lanes [lane, lane + span) of `lanes` equal ones.
struct LanePlace
{
    int lane = 0;
    int span = 1;
    int lanes = 1;
    bool operator==(const LanePlace&) const = default;
};

/// Side-by-side places for ranges, in the order given. Ranges that overlap, directly or through others, share
/// one number of lanes, as few as fit; no two that overlap share a lane; each is as wide as its neighbours
/// leave room for. Of two that start together the longer one stands first. An empty range counts as one
/// minute long.
[[nodiscard]] std::vector<LanePlace> assignLanes(const std::vector<TimeRange>& ranges);

} // namespace yarrow
