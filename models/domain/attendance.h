// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"

#include <optional>

namespace yarrow {

/// How a patient has kept appointments so far.
struct Attendance
{
    int missed = 0; ///< no-shows
    int kept = 0;   ///< visits that took place
    std::optional<Instant> lastMissed;
    bool operator==(const Attendance&) const = default;
};

} // namespace yarrow
