// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::fhir {

/// An item of Patient.link. `type` is FHIR's link-type: replaced-by, replaces, refer, seealso.
struct PatientLink
{
    std::string other; ///< "Patient/…" or "RelatedPerson/…"
    std::string type;
    bool operator==(const PatientLink&) const = default;
};
[[nodiscard]] std::vector<PatientLink> patientLinks(const Json& patient);

/// The id of the patient whose record is used in the place of this one; nothing for a record in use.
[[nodiscard]] std::optional<std::string> replacedBy(const Json& patient);

/// Nothing happens when the link is there already.
void addPatientLink(Json& patient, const PatientLink& link);
/// Whether it was there.
bool removePatientLink(Json& patient, const PatientLink& link);

} // namespace yarrow::fhir
