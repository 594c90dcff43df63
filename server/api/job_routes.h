// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/router.h"

namespace yarrow::server::api {

/// GET /api/v1/jobs[?state=], GET /api/v1/jobs/{job}, POST /api/v1/jobs/{job}/retry and /cancel, for
/// administrators.
void addJobRoutes(Router& router);

} // namespace yarrow::server::api
