// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/pinned_appointments.h"

#include <algorithm>

namespace yarrow {

void PinnedAppointments::pin(const AppointmentRow& row)
{
    std::erase_if(m_rows,
                  [&](const AppointmentRow& other) { return other.appointment.id == row.appointment.id; });
    m_rows.push_back(row);
    Q_EMIT changed();
}

void PinnedAppointments::unpin(const AppointmentId& id)
{
    if (std::erase_if(m_rows, [&](const AppointmentRow& row) { return row.appointment.id == id; }) > 0)
        Q_EMIT changed();
}

} // namespace yarrow
