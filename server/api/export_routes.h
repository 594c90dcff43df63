// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/router.h"

namespace yarrow::server::api {

/// Bulk Data Access: GET and POST /fhir/$export, its status, its files.
void addExportRoutes(Router& router);

} // namespace yarrow::server::api
