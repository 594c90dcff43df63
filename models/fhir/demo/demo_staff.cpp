// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/datatypes_fhir.h"
#include "models/fhir/demo/demo_data.h"
#include "models/fhir/staff_fhir.h"

#include <algorithm>

namespace yarrow::demo {
namespace {

constexpr int kDaysPlannedBack = 21;
constexpr int kDaysPlannedAhead = 90;

QTime toTime(const Json& text)
{
    return QTime::fromString(toText(text), QStringLiteral("HH:mm"));
}

WeeklyHours toHours(const Json& list)
{
    WeeklyHours hours;
    for (const Json& entry : list.items()) {
        for (const Json& day : entry["days"].items()) {
            for (const Json& range : entry["ranges"].items())
                hours.days[static_cast<std::size_t>(*day.integer() - 1)].push_back(
                    {toTime(range[0]), toTime(range[1])});
        }
    }
    return hours;
}

/// Blockouts are given in days from today; an end at 00:00 is the midnight after the last day.
std::vector<Blockout> toBlockouts(const Json& list, QDate today, const QTimeZone& zone)
{
    std::vector<Blockout> blockouts;
    for (const Json& entry : list.items()) {
        const QDate first = today.addDays(*entry["from"].integer());
        const QDate last = first.addDays(*entry["days"].integer());
        const QTime end = toTime(entry["end"]);
        const QDate endDay = end == QTime(0, 0) ? last.addDays(1) : last;
        blockouts.push_back({{toInstant(first, toTime(entry["start"]), zone), toInstant(endDay, end, zone)},
                             toText(entry["reason"])});
    }
    return blockouts;
}

Practitioner toPractitioner(const Json& entry, std::size_t number)
{
    HumanName name;
    name.use = HumanName::Use::Official;
    name.family = toText(entry["family"]);
    for (const Json& given : entry["given"].items())
        name.given.append(toText(given));
    name.prefix = {QStringLiteral("Dr.")};

    ContactPoint phone;
    phone.use = ContactPoint::Use::Work;
    phone.value = QStringLiteral("+999 80 555 %1").arg(number + 1, 3, 10, QLatin1Char('0'));

    Practitioner practitioner;
    practitioner.id = PractitionerId::known(idFor("Practitioner", std::to_string(number)));
    practitioner.names = {name};
    practitioner.telecoms = {phone};
    practitioner.sex = entry["sex"].string() == "female" ? Sex::Female : Sex::Male;
    return practitioner;
}

Location addClinic(const Json& data, Staff& staff)
{
    const std::string organization = idFor("Organization", "clinic");
    staff.documents.push_back(makeObject({{"resourceType", Json("Organization")},
                                          {"id", Json(organization)},
                                          {"active", Json(true)},
                                          {"name", data["name"]}}));
    Location clinic;
    clinic.id = LocationId::known(idFor("Location", "clinic"));
    clinic.name = toText(data["name"]);
    clinic.description = toText(data["description"]);
    clinic.hours = toHours(data["hours"]);
    Json document;
    fhir::writeLocation(clinic, document);
    document.insert("managingOrganization", fhir::makeReference("Organization", organization),
                    "hoursOfOperation");
    staff.documents.push_back(std::move(document));
    return clinic;
}

void addRooms(const Json& data, const LocationId& clinic, Staff& staff)
{
    for (const Json& entry : data.items()) {
        Location room;
        room.id = LocationId::known(idFor("Location", entry["name"].string()));
        room.name = toText(entry["name"]);
        room.description = toText(entry["description"]);
        room.partOf = clinic;
        fhir::writeLocation(room, staff.documents.emplace_back());
        staff.rooms.push_back(room.id);
    }
}

void addServices(const Json& data, Staff& staff)
{
    for (const Json& entry : data.items()) {
        HealthcareService service;
        service.id = HealthcareServiceId::known(idFor("HealthcareService", entry["name"].string()));
        service.name = toText(entry["name"]);
        service.defaultDuration = std::chrono::minutes(*entry["minutes"].integer());
        fhir::writeHealthcareService(service, staff.documents.emplace_back());
        staff.services.push_back(service);
    }
}

} // namespace

Staff makeStaff(const Json& data, QDate today, const QTimeZone& zone)
{
    Staff staff;
    const Location clinic = addClinic(data["clinic"], staff);
    addRooms(data["rooms"], clinic.id, staff);
    addServices(data["services"], staff);

    const auto& practitioners = data["practitioners"].items();
    for (std::size_t i = 0; i < practitioners.size(); ++i) {
        const Json& entry = practitioners[i];
        const Practitioner practitioner = toPractitioner(entry, i);
        fhir::writePractitioner(practitioner, staff.documents.emplace_back());

        PractitionerRole role;
        role.id = PractitionerRoleId::known(idFor("PractitionerRole", std::to_string(i)));
        role.practitioner = practitioner.id;
        role.locations = {clinic.id};
        for (const Json& index : entry["services"].items()) {
            const HealthcareServiceId& service =
                staff.services[static_cast<std::size_t>(*index.integer())].id;
            if (std::find(role.services.begin(), role.services.end(), service) == role.services.end())
                role.services.push_back(service);
        }
        role.specialty = toText(entry["specialty"]);
        role.hours = toHours(entry["hours"]);
        role.blockouts = toBlockouts(entry["blockouts"], today, zone);
        fhir::writePractitionerRole(role, staff.documents.emplace_back());

        Schedule schedule;
        schedule.id = ScheduleId::known(idFor("Schedule", std::to_string(i)));
        schedule.practitioner = practitioner.id;
        schedule.from = localDay(today.addDays(-kDaysPlannedBack), zone).start;
        schedule.until = localDay(today.addDays(kDaysPlannedAhead), zone).end;
        fhir::writeSchedule(schedule, staff.documents.emplace_back());
        staff.roles.push_back(std::move(role));
    }
    return staff;
}

} // namespace yarrow::demo
