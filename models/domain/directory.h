// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/appointment.h"
#include "models/domain/openings.h"
#include "models/domain/staff.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace yarrow {

/// Who and what can be booked, and when.
struct Directory
{
    std::string clinicName;
    LocationId clinic; ///< the clinic's own Location; empty when nobody wrote one yet
    WeeklyHours clinicHours;
    std::vector<Blockout> closures;          ///< of the whole clinic: holidays, closed days
    std::vector<Practitioner> practitioners; ///< active, by family name
    std::vector<PractitionerRole> roles;     ///< active
    std::vector<Location> rooms;             ///< active, part of another location, by name
    std::vector<Device> devices;             ///< active, of the clinic, by name
    std::vector<HealthcareService> services; ///< active, by name

    /// Hours and blockouts of a practitioner, from all of their roles; without a role: the clinic's hours.
    /// The clinic's closures count as blockouts.
    [[nodiscard]] BookableActor availability(const PractitionerId& practitioner) const;
    /// Of a room: its own hours and closures, and the clinic's closures.
    [[nodiscard]] BookableActor availability(const Location& room) const;
    /// Of a device: the clinic's hours and closures.
    [[nodiscard]] BookableActor availability(const Device& device) const;
    bool operator==(const Directory&) const = default;
};

/// Whether all that time can be had: inside the hours (the clinic's where the actor has none) and outside
/// the blockouts. What is booked already (`busy`) is not looked at.
[[nodiscard]] bool isAvailable(const TimeRange& when, const BookableActor& actor,
                               const WeeklyHours& clinicHours, const QTimeZone& zone);

/// Whether everybody and everything an appointment needs is still there and available at its time. Whom the
/// directory never knew cannot be judged, and is taken as available only when it is not named.
[[nodiscard]] bool fits(const Directory& directory, const Appointment& appointment, const QTimeZone& zone);

/// A value with the revision its record was read at, for the change to be built on it; 0 for a new one.
template <class T>
struct Revised
{
    T value;
    std::int64_t revision = 0;
    bool operator==(const Revised&) const = default;
};

/// Somebody in one of their roles. Who has several is listed once for each; who has none has an empty role
/// with revision 0, which is made when it is saved.
struct StaffEntry
{
    Revised<Practitioner> practitioner;
    Revised<PractitionerRole> role;
    bool operator==(const StaffEntry&) const = default;
};

/// The Location that stands for the clinic itself: its hours and closures. Revision 0 when nobody wrote one
/// yet.
struct ClinicEntry
{
    Revised<Location> location;
    bool operator==(const ClinicEntry&) const = default;
};

/// All of the directory as it is edited: inactive entries too, each by name.
struct DirectoryEntries
{
    ClinicEntry clinic;
    std::vector<Revised<Location>> rooms;
    std::vector<Revised<Device>> devices;
    std::vector<Revised<HealthcareService>> services;
    std::vector<StaffEntry> staff;
    bool operator==(const DirectoryEntries&) const = default;
};

/// One entry as it is to be; a Location is a room. Without an id it is a new one.
using DirectoryChange =
    std::variant<ClinicEntry, Revised<Location>, Revised<Device>, Revised<HealthcareService>, StaffEntry>;

/// The directory as it will be with the change. A new entry is left out: nothing is booked with it yet.
[[nodiscard]] Directory withChange(Directory directory, const DirectoryChange& change);

enum class DirectoryProblem { NoName, NoDuration, HoursOverlap, EndNotAfterStart };
/// What of the change breaks a rule: it needs a name, a visit type a length of up to a day; ranges of one day
/// do not overlap; a closure ends after it starts. Empty when all is well.
[[nodiscard]] std::vector<DirectoryProblem> validate(const DirectoryChange& change);

} // namespace yarrow
