// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/json.h"

#include <optional>
#include <string>
#include <utility>

namespace yarrow::sync {

/// Documents in the store are JSON: they were parsed before they were written.
[[nodiscard]] inline Json parsed(const std::string& document)
{
    auto json = Json::parse(document);
    YARROW_ASSERT(json.has_value());
    return std::move(*json);
}

[[nodiscard]] inline std::optional<Json> parsed(const std::optional<std::string>& document)
{
    std::optional<Json> json;
    if (document)
        json = parsed(*document);
    return json;
}

} // namespace yarrow::sync
