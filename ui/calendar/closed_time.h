// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/openings.h"

#include <algorithm>

namespace yarrow {

/// Whether a room or a device cannot be had then: it is closed, or outside of hours of its own. The clinic's
/// hours bind those who work, not the rooms. What is booked is not looked at.
[[nodiscard]] inline bool isClosed(const BookableActor& actor, const TimeRange& when, const QTimeZone& zone)
{
    const bool isBlocked =
        std::any_of(actor.blockouts.begin(), actor.blockouts.end(), [&](const Blockout& blockout) {
            return blockout.when.start < when.end && when.start < blockout.when.end;
        });
    if (isBlocked || !actor.hours.hasHours())
        return isBlocked;
    return !difference({when}, workingTime(actor.hours, toLocalDate(when.start, zone), zone)).empty();
}

} // namespace yarrow
