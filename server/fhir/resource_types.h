// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

namespace yarrow::server::fhir {

[[nodiscard]] bool isFhirId(std::string_view text) noexcept;       ///< 1–64 of A-Z a-z 0-9 - .
[[nodiscard]] bool isResourceType(std::string_view type) noexcept; ///< any of R4 (4.0.1)
/// One of the resource types of R4 that this server keeps: all but AuditEvent, Subscription, Bundle,
/// Parameters, OperationOutcome and CapabilityStatement.
[[nodiscard]] bool isStoredType(std::string_view type) noexcept;
[[nodiscard]] std::vector<std::string_view> storedTypes(); ///< in order of their names

/// Whether `word` is one of the words in `list`, which are parted by single spaces.
[[nodiscard]] bool hasWord(std::string_view list, std::string_view word) noexcept;
/// Takes the first word off `list`; empty when there is none left.
[[nodiscard]] std::string_view nextWord(std::string_view& list) noexcept;

} // namespace yarrow::server::fhir
