// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/id.h"
#include "models/store/db/connection.h"

#include <optional>

namespace yarrow {

/// How a patient has kept appointments so far.
struct AttendanceCount
{
    int missed = 0; ///< no-shows
    int kept = 0;   ///< visits that took place
    std::optional<Instant> lastMissed;
};

/// On the connection's thread; throws SQLite::Exception.
[[nodiscard]] AttendanceCount attendanceOf(Connection& connection, const PatientId& patient);

} // namespace yarrow
