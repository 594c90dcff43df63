// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/router.h"
#include "server/records/erasure_log.h"

#include <functional>

namespace yarrow::server::api {

/// /api/v1/erasures. `log`, if there is one, outlives the router; `changed` is told after the commit.
void addErasureRoutes(Router& router, const records::ErasureLog* log,
                      std::function<void(const records::ChangeNotice&)> changed);

} // namespace yarrow::server::api
