// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/router.h"

namespace yarrow::server::live {

/// POST and GET /fhir/Subscription; GET, PUT and DELETE /fhir/Subscription/{id}. Everybody sees their own.
void addSubscriptionRoutes(Router& router);

} // namespace yarrow::server::live
