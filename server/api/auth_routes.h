// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/signing_keys.h"
#include "server/auth/token_service.h"
#include "server/http/router.h"

namespace yarrow::server::api {

/// POST /auth/token (RFC 6749), /.well-known/smart-configuration, at the root and under /fhir, and
/// /.well-known/jwks.json. Both must outlive the router.
void addAuthRoutes(Router& router, TokenService& tokens, SigningKeys& keys);

} // namespace yarrow::server::api
