// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "models/domain/family.h"

#include <string>
#include <vector>

namespace yarrow::fhir {

/// Reads a RelatedPerson document. A relationship is understood by its code of v3-RoleCode, on any of its
/// codings; one without such a code reads as Contact with its text. Errors as with readPatient().
[[nodiscard]] Result<RelatedPerson> readRelatedPerson(const Json& document);

/// Writes only what differs; see writePatient(). A relation that changes takes the place of the coding it was
/// read from, and of the text beside it. Ward has no code: it is written as the Guardian of the other.
void writeRelatedPerson(const RelatedPerson& person, Json& document);

/// The ids of the RelatedPerson records that this patient is, as Patient.link says (type seealso).
[[nodiscard]] std::vector<std::string> relatedPersonsOf(const Json& patient);

} // namespace yarrow::fhir
