// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/connection.h"

#include <string>

namespace yarrow::server::cli {

/// The clinic with that slug; CommandFailed when there is none.
[[nodiscard]] TenantId tenantWithSlug(db::Connection& connection, const std::string& slug);

} // namespace yarrow::server::cli
