// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/role.h"
#include "server/fhir/index_values.h"
#include "server/fhir/resource_types.h"
#include "server/json/json_document.h"
#include "server/problem.h"

#include <string>
#include <string_view>

namespace yarrow::server::fhir {

/// A resource about to be stored, checked. Holds the text exactly as it was received.
struct Document
{
    std::string type;
    std::string id; ///< empty when the sender left it out
    std::string text;
    Area area = Area::ClinicalRecord;
    IndexValues index;
};

/// Checks `resource` and takes from it what the server keeps beside the text. Refused with 422 (400 for what
/// is no resource at all), the element named: no or unknown resourceType, an id that is no FHIR id,
/// references that are malformed, missing required elements and codes outside the value sets that clients
/// rely on, dates that are none, an Appointment without an end or with an end before its start; nesting so
/// deep that no bundle could hold it. What the rules do not know is accepted.
///
/// Codes: not-a-resource (400), unknown-type, type-not-kept, bad-id, bad-value, missing-element, bad-code,
/// bad-reference, nested-too-deeply and those of indexValuesOf().
[[nodiscard]] Result<Document> readDocument(JsonView resource);

/// The document with meta.versionId and meta.lastUpdated set; every other byte as it was. Makes `meta`
/// (behind id, or resourceType) where there is none. `text` has been through readDocument().
[[nodiscard]] std::string withMeta(std::string_view text, std::string_view versionId,
                                   std::string_view lastUpdated);

/// The document with its id set; every other byte as it was.
[[nodiscard]] std::string withId(std::string_view text, std::string_view id);

/// What a document is protected as, told from its content: an Observation of the category vital-signs is
/// Vitals; a Device without a patient is Directory, an implant ClinicalRecord; a Task has the area of the
/// type its focus refers to (an allergy's conflict never reaches a front desk), without one ClinicalRecord.
[[nodiscard]] Area areaOf(JsonView resource);

} // namespace yarrow::server::fhir
