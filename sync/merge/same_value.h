// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

#include <string>
#include <string_view>

namespace yarrow::sync {

/// Equal but for the order of members: that of items counts, and so do the digits of numbers.
[[nodiscard]] bool sameValue(const Json& a, const Json& b);

/// The same where either may be missing (nullptr).
[[nodiscard]] bool sameValue(const Json* a, const Json* b);

/// Whether two objects are the same but for the members named in `ignored`, one space apart.
[[nodiscard]] bool sameBut(const Json& a, const Json& b, std::string_view ignored);

/// One text for all values that are the same.
[[nodiscard]] std::string canonicalText(const Json& value);

} // namespace yarrow::sync
