// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/router.h"

namespace yarrow::server::api {

/// GET /api/v1/openapi.json: server/api/openapi.json, which describes every route that is not FHIR's.
void addOpenApiRoute(Router& router);

} // namespace yarrow::server::api
