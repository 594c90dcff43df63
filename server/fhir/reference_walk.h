// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/json/json_document.h"
#include "server/problem.h"

#include <functional>
#include <optional>
#include <string_view>

namespace yarrow::server::fhir {

/// A stored document is sent inside Bundle.entry.resource, where it must not be deeper than readers allow.
inline constexpr int kMaxResourceDepth = JsonDocument::kMaxDepth - 4;

/// What is wrong with a Reference.reference; where it stands is added.
using ReferenceCheck = std::function<std::optional<Problem>(JsonView reference)>;

/// Shows `check` each Reference.reference of a resource, wherever it stands, until one is wrong. 422
/// `nested-too-deeply` beyond kMaxResourceDepth.
[[nodiscard]] Result<void> checkReferences(JsonView resource, const ReferenceCheck& check);

/// The same, looking that none is malformed.
[[nodiscard]] Result<void> checkReferences(JsonView resource);

} // namespace yarrow::server::fhir
