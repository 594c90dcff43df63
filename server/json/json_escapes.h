// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace yarrow::server {

/// What a JSON string that has been checked says; `string` with its quotes.
[[nodiscard]] std::string unescapeJson(std::string_view string);

} // namespace yarrow::server
