// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/router.h"

namespace yarrow::server::api {

/// What a workstation asks of its clinic: /api/v1/tenant, /api/v1/mrn-blocks.
void addClinicRoutes(Router& router);

} // namespace yarrow::server::api
