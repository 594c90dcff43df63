// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

#include <optional>
#include <string>
#include <string_view>

namespace yarrow::sync {

/// A server that gives ids of its own gets a new record with a tag that says which upload made it and how its
/// workstation calls it. By that the record is recognised when the answer was lost, and never by what is in
/// it: an insurance number may be a whole family's.
struct CreationMark
{
    std::string operation;
    std::string localId;
    bool operator==(const CreationMark&) const = default;
};

[[nodiscard]] std::optional<CreationMark> markOf(const Json& document);
/// The document as it is sent to be created: marked, without an id and without a server's meta.
[[nodiscard]] Json forCreation(Json document, const CreationMark& mark);
[[nodiscard]] Json withoutMark(Json document);

/// The search that finds what was created with this operation: "_tag=…".
[[nodiscard]] std::string queryForMark(std::string_view operation);
/// The search by the document's first whole identifier: "identifier=…"; empty when it has none.
[[nodiscard]] std::string queryForIdentifier(const Json& document);

/// Percent-encoded for a query (RFC 3986, 2.3).
[[nodiscard]] std::string encoded(std::string_view text);

} // namespace yarrow::sync
