// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/read/clinic_reader.h"

#include "core/json.h"
#include "models/fhir/appointment_fhir.h"
#include "models/store/read/booked_times.h"
#include "models/store/tunables.h"

#include <algorithm>
#include <map>

namespace yarrow {

namespace {

std::int64_t millis(Instant instant)
{
    return instant.time_since_epoch().count();
}

} // namespace

Result<std::vector<ListedAppointment>> ClinicReader::readRows(Query& row)
{
    std::vector<ListedAppointment> found;
    while (row.step()) {
        const auto document = Json::parse(row.text(0));
        if (!document)
            return fail(ErrorCode::DatabaseDamaged, "a stored document is not JSON");
        auto appointment = fhir::readAppointment(*document);
        if (!appointment)
            return fail(appointment.error());
        found.push_back({std::move(*appointment), row.integer(1), row.string(2), row.integer(3) != 0,
                         row.integer(4) != 0});
    }
    return found;
}

#define YARROW_APPOINTMENT_COLUMNS                                                                           \
    "SELECT r.body, r.revision, coalesce(n.name, ''), EXISTS (SELECT 1 FROM edit e WHERE e.resource = "      \
    "r.pk), EXISTS (SELECT 1 FROM conflict_index c WHERE c.focus_type = 'Appointment' AND c.focus_id = "     \
    "r.id AND c.open = 1) "                                                                                  \
    "FROM appointment_index a JOIN resource r ON r.pk = a.pk "                                               \
    "LEFT JOIN resource p ON p.type = 'Patient' AND p.id = a.patient "                                       \
    "LEFT JOIN patient_index n ON n.pk = p.pk "

Result<std::vector<ListedAppointment>> ClinicReader::appointments(Instant from, Instant until)
{
    Query row(m_connection, YARROW_APPOINTMENT_COLUMNS
              "WHERE a.pk IN (SELECT pk FROM appointment_index WHERE start_at > ?1 AND start_at < ?2 AND "
              "end_at > ?3 "
              "UNION ALL SELECT pk FROM appointment_index WHERE end_at - start_at > 86400000 AND end_at > ?3 "
              "AND start_at <= ?1) AND a.status <> 'entered-in-error' "
              "ORDER BY a.start_at, a.id");
    row.bind(millis(from - tunables::kLongestAppointment) - 1, millis(until), millis(from));
    return readRows(row);
}

Result<std::vector<ListedAppointment>> ClinicReader::appointmentsOf(const PatientId& patient)
{
    Query row(m_connection, YARROW_APPOINTMENT_COLUMNS
              "WHERE a.patient = ? AND a.patient <> '' AND a.status <> 'entered-in-error' "
              "ORDER BY a.start_at DESC, a.id");
    row.bind(patient.text());
    return readRows(row);
}

Result<std::vector<ListedAppointment>> ClinicReader::appointmentsOfSeries(const std::string& series)
{
    Query row(m_connection, YARROW_APPOINTMENT_COLUMNS
              "WHERE a.series = ? AND a.series <> '' AND a.status <> 'entered-in-error' "
              "ORDER BY a.start_at, a.id");
    row.bind(series);
    return readRows(row);
}

std::optional<ListedAppointment> ClinicReader::appointment(const AppointmentId& id)
{
    Query row(m_connection, YARROW_APPOINTMENT_COLUMNS "WHERE r.type = 'Appointment' AND r.id = ?");
    auto found = readRows(row.bind(id.text()));
    return found && !found->empty() ? std::optional(std::move(found->front())) : std::nullopt;
}

Result<std::vector<Opening>> ClinicReader::openings(const OpeningsRequest& request, const QTimeZone& zone)
{
    const auto known = directory();
    if (!known)
        return fail(known.error());
    const auto query = openingsQuery(request, zone, *known, busyTimesFor({request}, *known));
    if (!query)
        return fail(query.error());
    return *query ? findOpenings(**query) : std::vector<Opening>();
}

Result<std::vector<std::vector<Opening>>>
ClinicReader::openingsInARow(const std::vector<OpeningsRequest>& visits, const QTimeZone& zone)
{
    const auto known = directory();
    if (!known)
        return fail(known.error());
    const BusyTimes busy = busyTimesFor(visits, *known);
    std::vector<OpeningsQuery> queries;
    for (const OpeningsRequest& visit : visits) {
        auto query = openingsQuery(visit, zone, *known, busy);
        if (!query)
            return fail(query.error());
        if (!*query)
            return std::vector<std::vector<Opening>>();
        queries.push_back(std::move(**query));
    }
    return findOpeningsInARow(queries);
}

ClinicReader::BusyTimes ClinicReader::busyTimesFor(const std::vector<OpeningsRequest>& requests,
                                                   const Directory& known)
{
    std::chrono::minutes before{0};
    std::chrono::minutes after{0};
    for (const HealthcareService& service : known.services) {
        before = std::max(before, service.bufferBefore);
        after = std::max(after, service.bufferAfter);
    }
    Instant from = Instant::max();
    Instant until = Instant::min();
    for (const OpeningsRequest& request : requests) {
        from = std::min(from, request.earliest - before);
        // A local day may be 25 hours long, and the last opening may run on into the next.
        until = std::max(until, request.earliest + after +
                                    std::chrono::hours(25) * (std::clamp(request.days, 1, 366) + 1));
    }
    return [this, from, until, buffers = serviceBuffers(known),
            read = std::map<std::string, std::vector<TimeRange>>()](const std::string& actor) mutable {
        auto found = read.find(actor);
        if (found == read.end())
            found = read.emplace(actor, busyTimes(m_connection, actor, from, until, buffers)).first;
        return found->second;
    };
}

Result<std::optional<OpeningsQuery>> ClinicReader::openingsQuery(const OpeningsRequest& request,
                                                                 const QTimeZone& zone,
                                                                 const Directory& known,
                                                                 const BusyTimes& busy)
{
    OpeningsQuery query;
    query.duration = request.duration;
    query.earliest = request.earliest;
    query.days = request.days;
    query.timeOfDay = request.timeOfDay;
    query.limit = static_cast<std::size_t>(std::max(request.limit, 1));
    query.clinicHours = known.clinicHours;
    query.zone = zone;
    query.closures = known.closures;
    HealthcareService visitType;
    visitType.needsRoom = request.needsRoom;
    if (!request.service.isEmpty()) {
        const auto found = std::find_if(known.services.begin(), known.services.end(),
                                        [&](const auto& each) { return each.id == request.service; });
        if (found == known.services.end())
            return fail(ErrorCode::NotFound, "HealthcareService/" + request.service.text());
        visitType = *found;
        visitType.needsRoom = visitType.needsRoom && request.needsRoom;
    }
    query.bufferBefore = visitType.bufferBefore;
    query.bufferAfter = visitType.bufferAfter;
    const auto bookable = [&](const char* type, const auto& id, BookableActor actor) {
        actor.busy = busy(type + id.text());
        return std::pair(id, std::move(actor));
    };
    const auto isOneOf = [](const auto& wanted, const auto& id) {
        return wanted.empty() || std::find(wanted.begin(), wanted.end(), id) != wanted.end();
    };
    for (const Practitioner& practitioner : known.practitioners) {
        if (request.practitioner && practitioner.id != *request.practitioner)
            continue;
        query.practitioners.push_back(
            bookable("Practitioner/", practitioner.id, known.availability(practitioner.id)));
    }
    if (query.practitioners.empty())
        return fail(ErrorCode::NotFound, request.practitioner ? "Practitioner/" + request.practitioner->text()
                                                              : "no practitioner");
    if (visitType.needsRoom) {
        for (const Location& room : known.rooms) {
            if (request.room ? room.id == *request.room : isOneOf(visitType.rooms, room.id))
                query.rooms.push_back(bookable("Location/", room.id, known.availability(room)));
        }
        // Which room is needed and not there any more cannot be had.
        if (query.rooms.empty() && (request.room || !visitType.rooms.empty()))
            return std::optional<OpeningsQuery>();
    }
    const bool needsDevice = request.device || !visitType.devices.empty();
    for (const Device& device : known.devices) {
        if (needsDevice &&
            (request.device ? device.id == *request.device : isOneOf(visitType.devices, device.id)))
            query.devices.push_back(bookable("Device/", device.id, known.availability(device)));
    }
    if (query.devices.empty() && needsDevice)
        return std::optional<OpeningsQuery>();
    return std::optional(std::move(query));
}

std::optional<AppointmentId> ClinicReader::clashWith(const Appointment& appointment)
{
    if (!holdsSlot(appointment.status) || !appointment.overbookReason.empty())
        return std::nullopt;
    const auto taken = [&](const char* type, const std::string& id) -> std::optional<AppointmentId> {
        if (id.empty())
            return std::nullopt;
        Query row(
            m_connection,
            "SELECT a.id FROM appointment_index a WHERE a.id <> ?5 AND a.pk IN ("
            "SELECT appointment FROM appointment_actor WHERE actor = ?1 AND start_at > ?2 AND start_at < ?3 "
            "AND end_at > ?4 AND overbooked = 0 UNION ALL SELECT appointment FROM appointment_actor "
            "WHERE end_at - start_at > 86400000 AND actor = ?1 AND end_at > ?4 AND start_at <= ?2 "
            "AND overbooked = 0) ORDER BY a.start_at, a.id LIMIT 1");
        row.bind(type + id, millis(appointment.start - tunables::kLongestAppointment) - 1,
                 millis(appointment.end), millis(appointment.start), appointment.id.text());
        return row.step() ? std::optional(AppointmentId::known(row.string(0))) : std::nullopt;
    };
    if (auto other = taken("Practitioner/", appointment.practitioner.text()))
        return other;
    if (auto other = taken("Location/", appointment.room.text()))
        return other;
    return taken("Device/", appointment.device.text());
}

std::int64_t ClinicReader::unsentRecords()
{
    Query row(m_connection, "SELECT count(DISTINCT resource) FROM edit");
    return row.step() ? row.integer(0) : 0;
}

} // namespace yarrow
