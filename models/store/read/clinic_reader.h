// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "models/domain/appointment.h"
#include "models/domain/directory.h"
#include "models/domain/openings.h"
#include "models/store/db/connection.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace yarrow {

/// An appointment in a list, with what is shown beside it.
struct ListedAppointment
{
    Appointment appointment;
    std::int64_t revision = 0;
    std::string patientName; ///< "Family, Given"; empty when nobody is booked
    bool unsent = false;     ///< has an edit that no server has acknowledged
    bool conflicted = false; ///< a conflict about it waits for a decision
};

/// Lists for screens and commands: no whole record of a patient comes from here, and nothing is written. Its
/// callers audit what was listed. Uses the connection it is given, on that connection's thread; throws
/// SQLite::Exception.
class ClinicReader
{
public:
    explicit ClinicReader(Connection& connection)
        : m_connection(connection)
    {}

    /// Those that overlap [from, until), by start; entered-in-error ones are left out.
    [[nodiscard]] Result<std::vector<ListedAppointment>> appointments(Instant from, Instant until);
    /// Of one patient, newest first.
    [[nodiscard]] Result<std::vector<ListedAppointment>> appointmentsOf(const PatientId& patient);

    /// Of one series, by start; entered-in-error ones are left out.
    [[nodiscard]] Result<std::vector<ListedAppointment>> appointmentsOfSeries(const std::string& series);

    /// Nothing when there is no such appointment, or it cannot be read.
    [[nodiscard]] std::optional<ListedAppointment> appointment(const AppointmentId& id);

    [[nodiscard]] Result<Directory> directory();
    /// Everything of the directory that can be read, as it is edited.
    [[nodiscard]] Result<DirectoryEntries> directoryEntries();

    using OpeningsRequest = yarrow::OpeningsRequest;
    /// Openings of practitioner ∩ room ∩ device, buffers kept free. NotFound when the practitioner or the
    /// visit type is not an active one.
    [[nodiscard]] Result<std::vector<Opening>> openings(const OpeningsRequest& request,
                                                        const QTimeZone& zone);

    /// Of visits one after the other with one practitioner; see findOpeningsInARow(). Errors as with
    /// openings().
    [[nodiscard]] Result<std::vector<std::vector<Opening>>>
    openingsInARow(const std::vector<OpeningsRequest>& visits, const QTimeZone& zone);

    /// The first appointment that holds the same practitioner, room or device in the same time; see clash().
    [[nodiscard]] std::optional<AppointmentId> clashWith(const Appointment& appointment);

    /// Records with an edit that no server has acknowledged.
    [[nodiscard]] std::int64_t unsentRecords();

private:
    using BusyTimes = std::function<std::vector<TimeRange>(const std::string& actor)>;
    /// Of each actor ("Practitioner/7"), for all of the requests; read once.
    [[nodiscard]] BusyTimes busyTimesFor(const std::vector<OpeningsRequest>& requests,
                                         const Directory& known);
    /// Nothing where a room or device that is needed is not there any more.
    [[nodiscard]] static Result<std::optional<OpeningsQuery>> openingsQuery(const OpeningsRequest& request,
                                                                            const QTimeZone& zone,
                                                                            const Directory& known,
                                                                            const BusyTimes& busy);
    struct DirectoryRecords;
    Result<DirectoryRecords> readDirectory();
    Result<std::vector<ListedAppointment>> readRows(Query& row);

    Connection& m_connection;
};

} // namespace yarrow
