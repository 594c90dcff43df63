// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/schedule_wishes.h"

namespace yarrow {

void ScheduleWishes::show(const AppointmentRow& wished)
{
    m_rows[wished.appointment.id] = wished;
    Q_EMIT changed();
}

void ScheduleWishes::drop(const AppointmentId& id)
{
    if (m_rows.erase(id) > 0)
        Q_EMIT changed();
}

void ScheduleWishes::settle(const AppointmentId& id, const AppointmentRow& made, bool keep)
{
    const auto wish = m_rows.find(id);
    if (wish != m_rows.end()) {
        AppointmentRow later = wish->second;
        m_rows.erase(wish);
        if (keep) {
            // It goes on under the id it was given, so that it hides the row that was made.
            later.appointment.id = made.appointment.id;
            m_rows[made.appointment.id] = later;
        }
    }
    Q_EMIT settled(made);
}

} // namespace yarrow
