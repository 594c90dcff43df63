// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/role.h"

#include <string>

namespace yarrow::server::records {

/// The codes of a set of areas as a text[] parameter.
[[nodiscard]] std::string areaArray(AreaSet areas);

} // namespace yarrow::server::records
