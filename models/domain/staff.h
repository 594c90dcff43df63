// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "models/domain/opening_hours.h"
#include "models/domain/patient.h"

#include <QString>

#include <vector>

namespace yarrow {

/// FHIR Practitioner: someone who sees patients.
struct Practitioner
{
    PractitionerId id;
    bool active = true;
    std::vector<HumanName> names;
    std::vector<ContactPoint> telecoms;
    Sex sex = Sex::Unknown;
    bool operator==(const Practitioner&) const = default;
};
[[nodiscard]] QString
formatName(const Practitioner& practitioner); ///< "Dr. Given Family", for a column's head

/// FHIR PractitionerRole: when and where a practitioner works. `hours` are availableTime, `blockouts`
/// notAvailable.
struct PractitionerRole
{
    PractitionerRoleId id;
    bool active = true;
    PractitionerId practitioner;
    std::vector<LocationId> locations;
    std::vector<HealthcareServiceId> services;
    QString specialty; ///< text or display of the first specialty
    WeeklyHours hours;
    std::vector<Blockout> blockouts;
    bool operator==(const PractitionerRole&) const = default;
};

/// FHIR Location: a room, or the clinic itself.
struct Location
{
    LocationId id;
    bool active = true;
    QString name;
    QString description;
    LocationId partOf; ///< empty at the top
    WeeklyHours hours;
    /// Holidays and closed days, kept in extensions
    /// (`https://yarrow.example/fhir/StructureDefinition/closed`: `description` and `during`, a Period).
    std::vector<Blockout> closures;
    bool operator==(const Location&) const = default;
};

/// FHIR Device that belongs to the clinic, not to a patient: an ultrasound, a laser.
struct Device
{
    DeviceId id;
    bool active = true;
    QString name;    ///< of its names the user-friendly one, else the first
    LocationId room; ///< where it stands; empty when not said
    bool operator==(const Device&) const = default;
};

/// FHIR HealthcareService: a visit type. What FHIR has no element for is kept in extensions below
/// `https://yarrow.example/fhir/StructureDefinition/`: `default-duration`, `buffer-before` and `buffer-after`
/// (Durations in minutes), `needs-room` (boolean), `needed-device` (a Reference, once per device) and
/// `calendar-color` (a code).
struct HealthcareService
{
    HealthcareServiceId id;
    bool active = true;
    QString name;
    std::chrono::minutes defaultDuration{0}; ///< 0: not given
    std::chrono::minutes bufferBefore{0};    ///< to be kept free in front of the visit: preparing
    std::chrono::minutes bufferAfter{0};     ///< behind it: cleaning, writing
    bool needsRoom = true;
    std::vector<LocationId> rooms; ///< `location`: one of them is needed; empty: any room will do
    std::vector<DeviceId> devices; ///< one of them is needed; empty: none is
    QString
        color; ///< "teal", "violet", …: one of the calendar's colours, which are the screen's; empty: none
    bool operator==(const HealthcareService&) const = default;
};

/// FHIR Schedule: whose time can be booked, from when to when.
struct Schedule
{
    ScheduleId id;
    bool active = true;
    PractitionerId practitioner; ///< of the actors, those Yarrow plans with; empty when none
    LocationId room;
    DeviceId device;
    std::optional<Instant> from;
    std::optional<Instant> until;
    QString comment;
    bool operator==(const Schedule&) const = default;
};

} // namespace yarrow
