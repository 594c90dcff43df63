// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/json/json_document.h"
#include "server/problem.h"

#include <string_view>

namespace yarrow::server::fhir {

/// The elements and codes that type_rules.h asks of the type, and lists where the type has lists.
[[nodiscard]] Result<void> checkElements(std::string_view type, JsonView resource);

} // namespace yarrow::server::fhir
