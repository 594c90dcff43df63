// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/json.h"

#include <optional>
#include <string_view>

// Elements by the path that a dispute or a conflict names them with; models/fhir/element_path.h has the
// grammar.
namespace yarrow::fhir {

/// The document with the element at `path` set to `value`, or taken out. An item that is not
/// there is added, and what is left without members or items goes. NotFound when the path leads through an
/// item that is not there. InvalidArgument when the path is no path, leads through something else than an
/// object or list, or the value is of another shape than such an element has.
[[nodiscard]] Result<Json> withElement(Json document, std::string_view path,
                                       const std::optional<Json>& value);

/// What stands at `path`, in the shape a Dispute has it. For a dispute and its merged document, theirs.
[[nodiscard]] Result<std::optional<Json>> elementAt(const Json& document, std::string_view path);

} // namespace yarrow::fhir
