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
    bool operator==(const Location&) const = default;
};

/// FHIR HealthcareService: a visit type. Its usual length is kept in an extension
/// (`https://yarrow.example/fhir/StructureDefinition/default-duration`, a Duration in minutes).
struct HealthcareService
{
    HealthcareServiceId id;
    bool active = true;
    QString name;
    std::chrono::minutes defaultDuration{0}; ///< 0: not given
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
