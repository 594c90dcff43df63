// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "models/domain/patient.h"

#include <string_view>

namespace yarrow::fhir {

/// The elements of a Patient in FHIR's order.
inline constexpr std::string_view kPatientOrder =
    "resourceType id meta implicitRules language text contained extension modifierExtension identifier "
    "active name "
    "telecom gender birthDate deceasedBoolean deceasedDateTime address maritalStatus multipleBirthBoolean "
    "multipleBirthInteger photo contact communication generalPractitioner managingOrganization link";

/// Reads a Patient document. InvalidResource with the element path when an element that Yarrow relies on has
/// the wrong JSON type or an impossible value; unknown codes of a value set read as "other", "unset" or
/// "unknown".
[[nodiscard]] Result<Patient> readPatient(const Json& document);

/// Writes only what differs from what readPatient() gives for the same document; everything else stays
/// untouched to the letter (unknown elements, extensions, order, digits). List items are matched with the
/// items they were read from, so that extensions of a telecom survive the edit of its value. A null or empty
/// document becomes a new Patient with elements in FHIR's order.
void writePatient(const Patient& patient, Json& document);

} // namespace yarrow::fhir
