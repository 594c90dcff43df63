// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "models/domain/role.h"

namespace yarrow::fhir {

/// What a document is protected as. Tells what the type alone leaves open: an Observation of the category
/// `vital-signs` is Vitals; a Device without a patient is clinic equipment (Directory), an implant is
/// ClinicalRecord; a Task is protected as the record in its focus.
[[nodiscard]] Area areaOf(const Json& document) noexcept;

} // namespace yarrow::fhir
