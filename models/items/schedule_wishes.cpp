// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/schedule_wishes.h"

namespace yarrow {

void ScheduleWishes::show(const std::vector<AppointmentRow>& wished)
{
    for (const AppointmentRow& row : wished)
        m_rows[row.appointment.id] = row;
    Q_EMIT changed();
}

void ScheduleWishes::drop(const std::vector<AppointmentId>& ids)
{
    bool any = false;
    for (const AppointmentId& id : ids)
        any = m_rows.erase(id) > 0 || any;
    if (any)
        Q_EMIT changed();
}

void ScheduleWishes::settle(const std::vector<Settled>& all)
{
    std::vector<AppointmentRow> made;
    made.reserve(all.size());
    for (const Settled& each : all) {
        made.push_back(each.made);
        const auto wish = m_rows.find(each.shownAs);
        if (wish == m_rows.end())
            continue;
        AppointmentRow later = wish->second;
        m_rows.erase(wish);
        if (each.keep) {
            // It goes on under the id it was given, so that it hides the row that was made.
            later.appointment.id = each.made.appointment.id;
            m_rows[later.appointment.id] = later;
        }
    }
    Q_EMIT settled(made);
}

} // namespace yarrow
