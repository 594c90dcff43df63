// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/read/visit_previews.h"

#include "models/store/read/booked_times.h"

#include <algorithm>
#include <set>

namespace yarrow {
namespace {

/// How far beyond the last visit a free time may lie.
constexpr int kDaysAhead = 28;

/// Nothing for nobody, and for whom the query has already.
PreviewActor* added(PreviewQuery& query, const std::string& type, const std::string& id)
{
    if (id.empty())
        return nullptr;
    const auto [entry, isNew] = query.actors.try_emplace(type + id);
    return isNew ? &entry->second : nullptr;
}

} // namespace

Result<std::vector<VisitPreview>> previewOf(Connection& connection, const std::vector<Appointment>& wished,
                                            Instant now, const QTimeZone& zone)
{
    if (wished.empty())
        return std::vector<VisitPreview>();
    ClinicReader reader(connection);
    const auto directory = reader.directory();
    if (!directory)
        return fail(directory.error());
    PreviewQuery query;
    query.visits = wished;
    query.zone = zone;
    query.now = now;
    query.daysAhead = kDaysAhead;
    query.clinicHours = directory->clinicHours;
    query.closures = directory->closures;
    query.buffers = serviceBuffers(*directory);
    Instant from = wished.front().start;
    Instant until = wished.front().end;
    for (const Appointment& visit : wished) {
        from = std::min(from, visit.start);
        until = std::max(until, visit.end);
        if (visit.id.isEmpty())
            continue;
        if (auto stored = reader.appointment(visit.id))
            query.before.emplace(visit.id, std::move(stored->appointment));
    }
    until += std::chrono::hours(25) * (kDaysAhead + 1);
    const auto fill = [&](PreviewActor& actor, const std::string& reference, BookableActor availability) {
        actor.availability = std::move(availability);
        actor.booked = bookedTimes(connection, reference, from, until, query.buffers);
    };
    const auto fillFrom = [&](const auto& list, const std::string& type, const auto& id) {
        PreviewActor* actor = added(query, type, id.text());
        if (actor == nullptr)
            return;
        const auto known =
            std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.id == id; });
        fill(*actor, type + id.text(),
             known == list.end() ? BookableActor() : directory->availability(*known));
    };
    for (const Appointment& visit : wished) {
        const std::string& practitioner = visit.practitioner.text();
        if (PreviewActor* actor = added(query, "Practitioner/", practitioner))
            fill(*actor, "Practitioner/" + practitioner, directory->availability(visit.practitioner));
        fillFrom(directory->rooms, "Location/", visit.room);
        fillFrom(directory->devices, "Device/", visit.device);
    }
    return previewVisits(query);
}

std::vector<ListedAppointment> appointmentsInTheWay(Connection& connection,
                                                    const std::vector<VisitPreview>& previews)
{
    std::set<AppointmentId> named;
    for (const VisitPreview& preview : previews)
        for (const VisitObstacle& obstacle : preview.obstacles)
            if (!obstacle.other.isEmpty())
                named.insert(obstacle.other);
    std::vector<ListedAppointment> others;
    ClinicReader reader(connection);
    for (const AppointmentId& id : named)
        if (auto other = reader.appointment(id))
            others.push_back(std::move(*other));
    return others;
}

} // namespace yarrow
