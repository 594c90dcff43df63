// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/demo/demo_data.h"

#include <QTime>

namespace yarrow::demo {

std::vector<Appointment> makeWaiting(const Staff& staff, const std::vector<Patient>& patients, QDate today,
                                     const QTimeZone& zone)
{
    using std::chrono::minutes;
    const auto wait = [&](const char* name, std::size_t patient, std::size_t service, int days) {
        Appointment entry;
        entry.id = AppointmentId::known(idFor("Appointment", std::string("waiting/") + name));
        entry.status = AppointmentStatus::Waitlist;
        entry.patient = patients[patient].id;
        entry.service = staff.services[service].id;
        entry.zone = zone.id().toStdString();
        entry.wish.duration = staff.services[service].defaultDuration;
        entry.wish.since = toInstant(today.addDays(-days), QTime(10, 15), zone);
        return entry;
    };
    Appointment urgent = wait("urgent", 1, 0, 1);
    urgent.wish.priority = 1;
    urgent.comment = QStringLiteral("Call the mobile number first.");
    Appointment mornings = wait("mornings", 12, 0, 9);
    mornings.wish.times = LocalRange{QTime(0, 0), QTime(12, 0)};
    mornings.wish.practitioners = {staff.roles.front().practitioner};
    Appointment weekends = wait("weekends", 27, 1, 16);
    weekends.wish.weekdays[4] = true;
    weekends.wish.weekdays[0] = true;
    weekends.wish.notice = minutes(24 * 60);
    Appointment anybody = wait("anybody", 42, 1, 4);
    return {urgent, mornings, weekends, anybody};
}

} // namespace yarrow::demo
