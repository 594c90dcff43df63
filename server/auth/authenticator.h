// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/principal.h"
#include "server/db/connection.h"
#include "server/http/message.h"
#include "server/problem.h"

namespace yarrow::server {

/// Says who sends a request to a route that is not public.
class Authenticator
{
public:
    virtual ~Authenticator() = default;

    /// Reads the Authorization header, and the device or account in the database as they are now. Refusals:
    /// 401 `token-missing`, `token-invalid`, `token-expired`; 403 `device-revoked`, `device-wipe`,
    /// `account-disabled`, `clinic-suspended`. Called from every worker thread at once.
    [[nodiscard]] virtual Result<Principal> authenticate(db::Connection& connection,
                                                         const Request& request) = 0;
};

} // namespace yarrow::server
