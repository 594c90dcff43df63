// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/router.h"

namespace yarrow::server::api {

/// `handler` for administrators who have signed in; 403 `admin-required` for everyone else, workstations
/// included.
[[nodiscard]] inline Handler adminOnly(Handler handler)
{
    return [handler = std::move(handler)](Call& call) -> Result<Response> {
        if (call.principal().role != Role::Admin)
            return refuse(403, "admin-required", "Only an administrator may do this.");
        return handler(call);
    };
}

} // namespace yarrow::server::api
