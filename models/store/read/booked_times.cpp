// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/read/booked_times.h"

#include "models/store/tunables.h"

#include <algorithm>

namespace yarrow {

ServiceBuffers serviceBuffers(const Directory& directory)
{
    ServiceBuffers buffers;
    for (const HealthcareService& service : directory.services) {
        if (service.bufferBefore.count() > 0 || service.bufferAfter.count() > 0)
            buffers[service.id] = {service.bufferBefore, service.bufferAfter};
    }
    return buffers;
}

std::vector<BookedTime> bookedTimes(Connection& connection, const std::string& actor, Instant from,
                                    Instant until, const ServiceBuffers& buffers)
{
    // A buffer may reach into the range from a visit outside of it, and that of one inside out of it.
    std::chrono::minutes reach{0};
    for (const auto& [service, kept] : buffers)
        reach = std::max(reach, kept.before + kept.after);
    reach *= 2;
    const auto millis = [](Instant instant) { return std::int64_t{instant.time_since_epoch().count()}; };
    std::vector<BookedTime> booked;
    Query row(connection,
              "SELECT b.start_at, b.end_at, b.overbooked, i.id, i.service FROM ("
              "SELECT start_at, end_at, overbooked, appointment FROM appointment_actor "
              "WHERE actor = ?1 AND start_at > ?2 AND start_at < ?3 AND end_at > ?4 UNION ALL "
              "SELECT start_at, end_at, overbooked, appointment FROM appointment_actor "
              "WHERE end_at - start_at > 86400000 AND actor = ?1 AND end_at > ?4 AND start_at <= ?2) b "
              "JOIN appointment_index i ON i.pk = b.appointment ORDER BY b.start_at, i.id");
    row.bind(actor, millis(from - reach - tunables::kLongestAppointment) - 1, millis(until + reach),
             millis(from - reach));
    while (row.step()) {
        const TimeRange when{Instant(std::chrono::milliseconds(row.integer(0))),
                             Instant(std::chrono::milliseconds(row.integer(1)))};
        BookedTime time{when, when, AppointmentId::known(row.string(3)), row.integer(2) != 0};
        if (const std::string service = row.string(4); !service.empty()) {
            const auto kept = buffers.find(HealthcareServiceId::known(service));
            if (kept != buffers.end())
                time.withBuffers = {when.start - kept->second.before, when.end + kept->second.after};
        }
        booked.push_back(std::move(time));
    }
    return booked;
}

std::vector<TimeRange> busyTimes(Connection& connection, const std::string& actor, Instant from,
                                 Instant until, const ServiceBuffers& buffers)
{
    std::vector<TimeRange> times;
    for (const BookedTime& booked : bookedTimes(connection, actor, from, until, buffers))
        times.push_back(booked.withBuffers);
    return times;
}

} // namespace yarrow
