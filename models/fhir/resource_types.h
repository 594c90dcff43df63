// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace yarrow::fhir {

/// Whether FHIR R4 (4.0.1) has a resource type of that name. Case-sensitive; abstract types are none.
[[nodiscard]] bool isResourceType(std::string_view name) noexcept;

} // namespace yarrow::fhir
