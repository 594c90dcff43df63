// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/router.h"
#include "server/jobs/export.h"

#include <string>

namespace yarrow::server::api {

/// Bulk Data Access: GET and POST /fhir/$export, its status, its files.
void addExportRoutes(Router& router);

/// What says where the files of a finished export are; JSON.
[[nodiscard]] std::string exportManifest(const jobs::Export& found, const std::string& baseUrl);

} // namespace yarrow::server::api
