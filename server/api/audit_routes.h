// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/router.h"

namespace yarrow::server::api {

/// /api/v1/audit: workstations bring their chains, administrators read.
void addAuditRoutes(Router& router);

} // namespace yarrow::server::api
