// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/router.h"

namespace yarrow::server::api {

/// How workstations come and go: /api/v1/enrolments, /enrolment-codes, /devices.
void addDeviceRoutes(Router& router);

} // namespace yarrow::server::api
