// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_front_desk.h"

#include "models/domain/opening_hours.h"
#include "models/store/read/front_desk_reader.h"

namespace yarrow {

LocalFrontDesk::LocalFrontDesk(Connection& reading, const QTimeZone& zone, Session session)
    : m_reading(reading)
    , m_zone(zone)
    , m_session(std::move(session))
{}

Result<std::map<QDate, DayLoad>> LocalFrontDesk::loads(QDate from, QDate until) const
{
    if (!m_session.mayRead())
        return fail(ErrorCode::Forbidden, "Appointment");
    return guarded([&]() -> Result<std::map<QDate, DayLoad>> {
        const auto found = FrontDeskReader(m_reading).loads(from, until, m_zone);
        if (!found)
            return fail(found.error());
        std::map<QDate, DayLoad> loads;
        for (const BookedOnDay& day : *found)
            loads[day.day] = {day.visits, day.booked};
        return loads;
    });
}

Result<std::vector<AppointmentRow>> LocalFrontDesk::appointmentsBetween(QDate from, QDate until) const
{
    if (!m_session.mayRead())
        return fail(ErrorCode::Forbidden, "Appointment");
    return guarded([&]() -> Result<std::vector<AppointmentRow>> {
        auto found =
            ClinicReader(m_reading).appointments(localDay(from, m_zone).start, localDay(until, m_zone).start);
        if (!found)
            return fail(found.error());
        std::vector<AppointmentRow> rows;
        rows.reserve(found->size());
        for (ListedAppointment& each : *found)
            rows.push_back(m_session.toRow(std::move(each)));
        return rows;
    });
}

std::optional<AppointmentRow> LocalFrontDesk::appointment(const AppointmentId& id) const
{
    if (!m_session.mayRead())
        return std::nullopt;
    return guarded([&]() -> Result<std::optional<AppointmentRow>> {
               std::optional<AppointmentRow> row;
               if (auto found = ClinicReader(m_reading).appointment(id))
                   row = m_session.toRow(std::move(*found));
               return row;
           })
        .value_or(std::nullopt);
}

Result<std::vector<WaitlistRow>> LocalFrontDesk::waitingList() const
{
    if (!m_session.mayRead())
        return fail(ErrorCode::Forbidden, "Appointment");
    return guarded([&]() -> Result<std::vector<WaitlistRow>> {
        auto found = FrontDeskReader(m_reading).waitingList();
        if (!found)
            return fail(found.error());
        std::vector<WaitlistRow> rows;
        for (ListedWaiting& each : *found)
            rows.push_back({m_session.toRow(std::move(each.entry)), QString::fromStdString(each.phone)});
        return rows;
    });
}

} // namespace yarrow
