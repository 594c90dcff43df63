// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"
#include "models/fhir/staff_fhir.h"
#include "models/store/read/clinic_reader.h"

#include <algorithm>
#include <tuple>

namespace yarrow {

namespace {

/// Every stored resource of a type, read with `read`. One that cannot be read is left out of the directory,
/// but stays in the clinic's records.
template <class T>
Result<std::vector<Revised<T>>> readAll(Connection& connection, const char* type,
                                        Result<T> (*read)(const Json&))
{
    std::vector<Revised<T>> found;
    Query row(connection, "SELECT body, revision FROM resource WHERE type = ? AND deleted = 0 ORDER BY id");
    row.bind(type);
    while (row.step()) {
        const auto document = Json::parse(row.text(0));
        if (!document)
            return fail(ErrorCode::DatabaseDamaged, "a stored document is not JSON");
        if (auto value = read(*document))
            found.push_back({std::move(*value), row.integer(1)});
    }
    return found;
}

const QString& nameOf(const Location& location)
{
    return location.name;
}
const QString& nameOf(const Device& device)
{
    return device.name;
}
const QString& nameOf(const HealthcareService& service)
{
    return service.name;
}
QString nameOf(const Practitioner& practitioner)
{
    return practitioner.names.empty() ? QString() : practitioner.names.front().family;
}

template <class T>
void sortByName(std::vector<Revised<T>>& entries)
{
    std::stable_sort(entries.begin(), entries.end(), [](const Revised<T>& a, const Revised<T>& b) {
        return nameOf(a.value) < nameOf(b.value);
    });
}

template <class T>
std::vector<T> activeOnes(const std::vector<Revised<T>>& entries)
{
    std::vector<T> active;
    for (const Revised<T>& entry : entries) {
        if (entry.value.active)
            active.push_back(entry.value);
    }
    return active;
}

/// The clinic stands at the top: of the locations there, the active one that gives hours, else the first.
const Revised<Location>* clinicAmong(const std::vector<Revised<Location>>& locations)
{
    const Revised<Location>* clinic = nullptr;
    for (const Revised<Location>& location : locations) {
        if (!location.value.partOf.isEmpty() || !location.value.active)
            continue;
        if (clinic == nullptr || (!clinic->value.hours.hasHours() && location.value.hours.hasHours()))
            clinic = &location;
    }
    return clinic;
}

} // namespace

struct ClinicReader::DirectoryRecords
{
    std::vector<Revised<Practitioner>> practitioners;
    std::vector<Revised<PractitionerRole>> roles;
    std::vector<Revised<Location>> locations;
    std::vector<Revised<Device>> devices;
    std::vector<Revised<HealthcareService>> services;
};

Result<ClinicReader::DirectoryRecords> ClinicReader::readDirectory()
{
    auto practitioners = readAll(m_connection, "Practitioner", fhir::readPractitioner);
    auto roles = readAll(m_connection, "PractitionerRole", fhir::readPractitionerRole);
    auto locations = readAll(m_connection, "Location", fhir::readLocation);
    auto devices = readAll(m_connection, "Device", fhir::readDevice);
    auto services = readAll(m_connection, "HealthcareService", fhir::readHealthcareService);
    if (!practitioners)
        return fail(practitioners.error());
    if (!roles)
        return fail(roles.error());
    if (!locations)
        return fail(locations.error());
    if (!devices)
        return fail(devices.error());
    if (!services)
        return fail(services.error());
    sortByName(*practitioners);
    sortByName(*locations);
    sortByName(*devices);
    sortByName(*services);
    return DirectoryRecords{std::move(*practitioners), std::move(*roles), std::move(*locations),
                            std::move(*devices), std::move(*services)};
}

Result<Directory> ClinicReader::directory()
{
    Directory directory;
    {
        Query clinic(m_connection, "SELECT name FROM clinic WHERE pk = 1");
        if (clinic.step())
            directory.clinicName = clinic.string(0);
    }
    const auto records = readDirectory();
    if (!records)
        return fail(records.error());
    directory.practitioners = activeOnes(records->practitioners);
    directory.roles = activeOnes(records->roles);
    directory.devices = activeOnes(records->devices);
    directory.services = activeOnes(records->services);
    directory.rooms = activeOnes(records->locations);
    std::erase_if(directory.rooms, [](const Location& location) { return location.partOf.isEmpty(); });
    if (const Revised<Location>* clinic = clinicAmong(records->locations)) {
        directory.clinic = clinic->value.id;
        directory.clinicHours = clinic->value.hours;
        directory.closures = clinic->value.closures;
    }
    return directory;
}

Result<DirectoryEntries> ClinicReader::directoryEntries()
{
    auto records = readDirectory();
    if (!records)
        return fail(records.error());
    DirectoryEntries entries;
    if (const Revised<Location>* clinic = clinicAmong(records->locations))
        entries.clinic.location = *clinic;
    for (Revised<Location>& location : records->locations) {
        if (!location.value.partOf.isEmpty())
            entries.rooms.push_back(std::move(location));
    }
    for (const Revised<Practitioner>& practitioner : records->practitioners) {
        const std::size_t before = entries.staff.size();
        for (const Revised<PractitionerRole>& role : records->roles) {
            if (role.value.practitioner == practitioner.value.id)
                entries.staff.push_back({practitioner, role});
        }
        if (entries.staff.size() == before) {
            entries.staff.push_back({practitioner, {}});
            entries.staff.back().role.value.practitioner = practitioner.value.id;
        }
    }
    entries.devices = std::move(records->devices);
    entries.services = std::move(records->services);
    return entries;
}

} // namespace yarrow
