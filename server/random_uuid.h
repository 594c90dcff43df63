// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace yarrow::server {

/// A random UUID (version 4, RFC 9562) in lower case.
[[nodiscard]] std::string randomUuid();

} // namespace yarrow::server
