// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/id.h"
#include "models/domain/waiting_wish.h"

#include <QString>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace yarrow {

/// FHIR `appointmentstatus`, all ten codes.
enum class AppointmentStatus {
    Proposed,
    Pending,
    Booked,
    Arrived,
    Fulfilled,
    Cancelled,
    NoShow,
    EnteredInError,
    CheckedIn,
    Waitlist,
};

/// Booked, arrived and checked-in hold their practitioner, room and device; the others hold nothing.
[[nodiscard]] bool holdsSlot(AppointmentStatus status) noexcept;

/// Proposed, pending, booked, arrived, checked-in and waitlist: the visit may still come to pass.
[[nodiscard]] bool isOpen(AppointmentStatus status) noexcept;

/// Proposed, pending, cancelled and waitlisted visits may stand without a time (FHIR app-3).
[[nodiscard]] bool mayLackTimes(AppointmentStatus status) noexcept;

/// Whether the status may follow the other: proposed/pending/waitlist (freely among themselves) → booked →
/// arrived → checked-in → fulfilled, booked → no-show, all open ones → cancelled, any → entered-in-error,
/// which is final. One step back is allowed as a correction; from cancelled that is any open status. Staying
/// is always legal.
[[nodiscard]] bool isLegalMove(AppointmentStatus from, AppointmentStatus to) noexcept;

/// When a visit reached the stages of its day, by the clock of the workstation that was told. Kept in an
/// extension of the document, so that everybody sees the same minutes of waiting.
struct StageTimes
{
    std::optional<Instant> arrived;
    std::optional<Instant> inRoom;
    std::optional<Instant> done;
    bool operator==(const StageTimes&) const = default;
};

/// The place of a visit in a series of visits. Every visit of a series is an appointment of its own; the
/// series itself is nothing but what they have in common.
struct SeriesPlace
{
    std::string series; ///< the id they share, never empty
    std::string rule;   ///< what they were planned by, as recurrenceText() writes it; empty when not given
    Instant planned;    ///< the start it was planned for; stays when it is moved, and gives its place
    bool operator==(const SeriesPlace&) const = default;
};

/// A visit: the parts of FHIR Appointment that Yarrow shows and edits. Half-open: [start, end).
struct Appointment
{
    AppointmentId id;
    AppointmentStatus status = AppointmentStatus::Booked;
    Instant start;
    Instant end;
    PatientId patient;           ///< empty: a slot held for nobody yet
    PractitionerId practitioner; ///< empty when none takes part
    LocationId room;             ///< empty when none takes part
    DeviceId device;             ///< empty when none takes part
    HealthcareServiceId service; ///< the visit type, empty when none
    QString description;         ///< what the visit is about, shown on the calendar
    QString comment;             ///< a note by the desk
    std::string cancelReason;    ///< a code of FHIR `appointment-cancellation-reason`, empty when none
    std::string overbookReason;  ///< set when it was booked over another on purpose
    std::string zone;            ///< IANA name of the clinic's zone it was planned in, empty when not given
    StageTimes stages;
    WaitingWish wish;                  ///< of one that waits for a time, or was booked from the waiting list
    std::optional<SeriesPlace> series; ///< nothing when it stands alone
    bool operator==(const Appointment&) const = default;
};

/// Notes in `appointment` that its status was reached at `now`, and forgets the stages beyond it. A time that
/// is there already stays: what is undone comes back with the time it had. `before`: its status until now.
void noteStage(Appointment& appointment, std::optional<AppointmentStatus> before, Instant now) noexcept;

/// Requests, waiting-list entries and cancelled ones may have no time yet, or none any more.
[[nodiscard]] bool mayLackTimes(AppointmentStatus status) noexcept;

/// Whether a time was given. Without one both ends are the epoch.
[[nodiscard]] bool hasTimes(const Appointment& appointment) noexcept;

/// Ends after it starts, at most 24 hours long, and somebody or something takes part. InvalidArgument names
/// the rule: "end-not-after-start", "longer-than-a-day" or "no-participant".
[[nodiscard]] Result<void> validate(const Appointment& appointment);

/// Whether both hold the same practitioner, room or device for an overlapping time. An overbooking never
/// clashes, nor does an appointment with another version of itself.
[[nodiscard]] bool clash(const Appointment& a, const Appointment& b) noexcept;

} // namespace yarrow
