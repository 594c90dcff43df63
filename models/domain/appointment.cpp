// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/appointment.h"

namespace yarrow {
namespace {

constexpr std::chrono::hours kLongest{24};

/// Where a status stands on the way from a request to a finished visit; nothing for those beside the way.
std::optional<int> step(AppointmentStatus status) noexcept
{
    switch (status) {
    case AppointmentStatus::Proposed:
    case AppointmentStatus::Pending:
    case AppointmentStatus::Waitlist:
        return 0;
    case AppointmentStatus::Booked:
        return 1;
    case AppointmentStatus::Arrived:
        return 2;
    case AppointmentStatus::CheckedIn:
        return 3;
    case AppointmentStatus::Fulfilled:
        return 4;
    case AppointmentStatus::Cancelled:
    case AppointmentStatus::NoShow:
    case AppointmentStatus::EnteredInError:
        break;
    }
    return std::nullopt;
}

template <class T>
bool same(const Id<T>& a, const Id<T>& b) noexcept
{
    return !a.isEmpty() && a == b;
}

} // namespace

bool holdsSlot(AppointmentStatus status) noexcept
{
    return status == AppointmentStatus::Booked || status == AppointmentStatus::Arrived ||
           status == AppointmentStatus::CheckedIn;
}

bool isOpen(AppointmentStatus status) noexcept
{
    return holdsSlot(status) || step(status) == 0;
}

bool mayLackTimes(AppointmentStatus status) noexcept
{
    return step(status) == 0 || status == AppointmentStatus::Cancelled;
}

bool isLegalMove(AppointmentStatus from, AppointmentStatus to) noexcept
{
    using Status = AppointmentStatus;
    if (from == to)
        return true;
    if (from == Status::EnteredInError)
        return false;
    if (to == Status::EnteredInError)
        return true;
    if (to == Status::Cancelled)
        return isOpen(from);
    if (from == Status::Cancelled)
        return isOpen(to);
    if (to == Status::NoShow)
        return from == Status::Booked;
    if (from == Status::NoShow)
        return to == Status::Booked;
    const int distance = *step(to) - *step(from);
    return distance >= -1 && distance <= 1;
}

void noteStage(Appointment& appointment, std::optional<AppointmentStatus> before, Instant now) noexcept
{
    const auto reached = step(appointment.status);
    if (!reached)
        return; // what was cancelled keeps how far it came
    StageTimes& stages = appointment.stages;
    const auto note = [&](int stage, std::optional<Instant>& time) {
        if (*reached < stage)
            time.reset();
        else if (*reached == stage && !time && before != appointment.status)
            time = now;
    };
    note(*step(AppointmentStatus::Arrived), stages.arrived);
    note(*step(AppointmentStatus::CheckedIn), stages.inRoom);
    note(*step(AppointmentStatus::Fulfilled), stages.done);
}

bool hasTimes(const Appointment& appointment) noexcept
{
    return appointment.start != Instant{} || appointment.end != Instant{};
}

Result<void> validate(const Appointment& appointment)
{
    if (hasTimes(appointment) || !mayLackTimes(appointment.status)) {
        if (appointment.end <= appointment.start)
            return fail(ErrorCode::InvalidArgument, "end-not-after-start");
        if (appointment.end - appointment.start > kLongest)
            return fail(ErrorCode::InvalidArgument, "longer-than-a-day");
    }
    if (appointment.patient.isEmpty() && appointment.practitioner.isEmpty() && appointment.room.isEmpty() &&
        appointment.device.isEmpty())
        return fail(ErrorCode::InvalidArgument, "no-participant");
    return {};
}

bool clash(const Appointment& a, const Appointment& b) noexcept
{
    if (same(a.id, b.id) || !holdsSlot(a.status) || !holdsSlot(b.status))
        return false;
    if (!a.overbookReason.empty() || !b.overbookReason.empty())
        return false;
    if (a.start >= b.end || b.start >= a.end)
        return false;
    return same(a.practitioner, b.practitioner) || same(a.room, b.room) || same(a.device, b.device);
}

} // namespace yarrow
