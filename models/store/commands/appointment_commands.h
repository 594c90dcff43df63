// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/appointment.h"
#include "models/store/commands/command_scope.h"
#include "models/store/read/clinic_reader.h"

#include <QDate>
#include <QTimeZone>

#include <optional>
#include <vector>

namespace yarrow {

/// Seeing, booking and changing appointments. Every call is checked against the role table and audited.
class AppointmentCommands
{
public:
    explicit AppointmentCommands(CommandScope& scope)
        : m_scope(scope)
    {}

    /// Those that overlap the clinic's local day, by start.
    [[nodiscard]] Result<std::vector<ListedAppointment>>
    list(QDate day, const std::optional<PractitionerId>& practitioner);
    /// The audit entry of a day that was looked at on the read connection.
    [[nodiscard]] Result<void> noteDayViewed(QDate day);
    /// The audit entry of appointments that were printed or written to a file; `what` says which.
    [[nodiscard]] Result<void> noteExported(const std::string& what);
    [[nodiscard]] Result<void> noteWaitingListViewed(); ///< the same of the waiting list

    [[nodiscard]] Result<std::vector<Opening>> openings(const ClinicReader::OpeningsRequest& request);

    /// NotFound when there is no such appointment.
    [[nodiscard]] Result<ListedAppointment> view(const AppointmentId& id);

    struct Saved
    {
        ListedAppointment now;
        std::optional<Appointment> before; ///< as it stood; nothing when it was booked just now
    };
    /// Books when `appointment.id` is empty, else writes onto the stored document what differs from it.
    /// SlotTaken names the appointment that stands in the way, Stale as with patients, InvalidArgument the
    /// rule that is broken (also an illegal move of status), NotFound what the appointment names and this
    /// clinic does not have.
    [[nodiscard]] Result<Saved> save(Appointment appointment, std::int64_t expectedRevision,
                                     const std::string& reason = {});

    /// An appointment as it is to be. `revision` as with save().
    struct Change
    {
        Appointment wished;
        std::int64_t revision = 0;
    };
    /// All of them or none, in one transaction. A clash is looked for among what they all leave behind, so
    /// that one may take the place that another gives up. Errors as with save().
    [[nodiscard]] Result<std::vector<Saved>> saveAll(std::vector<Change> changes,
                                                     const std::string& reason = {});

private:
    Result<Saved> write(UnitOfWork& work, Change change, const std::string& reason);
    Result<void> checkSlot(const Saved& saved);
    Result<void> checkActors(RecordStore& records, const Appointment& appointment);
    [[nodiscard]] QTimeZone zone() const;

    CommandScope& m_scope;
};

} // namespace yarrow
