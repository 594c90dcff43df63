// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/problem.h"

#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server::fhir {

/// {"resourceType":"OperationOutcome",…}; `code` goes into details.coding, the FHIR issue type follows from
/// the status; `reference` becomes an extension of the issue:
///   https://yarrow.example/fhir/StructureDefinition/issue-record  valueReference
[[nodiscard]] std::string outcomeOf(const Problem& problem);
/// The same about several things that are no failure: severity information, each one sentence.
[[nodiscard]] std::string informationOf(const std::vector<std::string>& sentences);

/// `text` as a JSON string, quotes included. In what is no valid UTF-8 all that is not ASCII becomes '?'.
/// To be called as fhir::quoted(): a bare quoted(std::string) may be taken for std::quoted().
[[nodiscard]] std::string quoted(std::string_view text);

} // namespace yarrow::server::fhir
