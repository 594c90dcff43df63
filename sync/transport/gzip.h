// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace yarrow::sync {

/// The text as one member of RFC 1952.
[[nodiscard]] std::string packGzip(std::string_view text);

} // namespace yarrow::sync
