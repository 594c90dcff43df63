// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/read/attendance.h"

namespace yarrow {

Attendance attendanceOf(Connection& connection, const PatientId& patient)
{
    Query row(
        connection,
        "SELECT count(*) FILTER (WHERE status = 'noshow'), count(*) FILTER (WHERE status = 'fulfilled'), "
        "coalesce(max(start_at) FILTER (WHERE status = 'noshow'), 0) FROM appointment_index "
        "WHERE patient = ? AND patient <> ''");
    if (!row.bind(patient.text()).step())
        return {};
    Attendance found{static_cast<int>(row.integer(0)), static_cast<int>(row.integer(1)), {}};
    if (found.missed > 0)
        found.lastMissed = Instant(std::chrono::milliseconds(row.integer(2)));
    return found;
}

} // namespace yarrow
