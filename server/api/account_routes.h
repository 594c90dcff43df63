// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/router.h"

namespace yarrow::server::api {

/// The people of a clinic: /api/v1/accounts.
void addAccountRoutes(Router& router);

} // namespace yarrow::server::api
