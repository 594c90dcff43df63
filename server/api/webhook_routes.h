// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/outgoing.h"
#include "server/http/router.h"

namespace yarrow::server {
class KeyProvider;
}

namespace yarrow::server::api {

/// /api/v1/webhooks, for administrators. A secret is shown once, in the answer to the request that makes it.
/// `keys` outlives the router.
void addWebhookRoutes(Router& router, const KeyProvider& keys, const OutgoingPolicy& policy);

} // namespace yarrow::server::api
