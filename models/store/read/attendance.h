// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "models/domain/attendance.h"
#include "models/store/db/connection.h"

namespace yarrow {

/// On the connection's thread; throws SQLite::Exception.
[[nodiscard]] Attendance attendanceOf(Connection& connection, const PatientId& patient);

} // namespace yarrow
