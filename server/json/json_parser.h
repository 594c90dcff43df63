// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/json/json_document.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace yarrow::server {

/// Where and why a text is no JSON. Tells nothing of what the text says.
struct JsonFault
{
    std::size_t line = 1;
    std::size_t column = 1; ///< in characters
    std::string_view reason;
};

/// Fills the index of `index.text`. The rules are those of JsonDocument.
[[nodiscard]] std::optional<JsonFault> indexJson(JsonIndex& index, int maxDepth);

} // namespace yarrow::server
