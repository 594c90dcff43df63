// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "models/domain/staff.h"

namespace yarrow::fhir {

// For each: read fails with InvalidResource and the element path; write changes only what differs (see
// writePatient() in patient_fhir.h for the promise).

[[nodiscard]] Result<Practitioner> readPractitioner(const Json& document);
void writePractitioner(const Practitioner& practitioner, Json& document);

[[nodiscard]] Result<PractitionerRole> readPractitionerRole(const Json& document);
void writePractitionerRole(const PractitionerRole& role, Json& document);

[[nodiscard]] Result<Location> readLocation(const Json& document);
void writeLocation(const Location& location, Json& document);

/// Equipment of the clinic; a device of a patient (`patient`) is none, and refused.
[[nodiscard]] Result<Device> readDevice(const Json& document);
void writeDevice(const Device& device, Json& document);

[[nodiscard]] Result<HealthcareService> readHealthcareService(const Json& document);
void writeHealthcareService(const HealthcareService& service, Json& document);

[[nodiscard]] Result<Schedule> readSchedule(const Json& document);
void writeSchedule(const Schedule& schedule, Json& document);

} // namespace yarrow::fhir
