// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/author.h"
#include "server/db/connection.h"
#include "server/http/router.h"

#include <functional>
#include <string>

namespace yarrow::server::api {

/// What an administrator asks for, in a transaction of the clinic that is committed when it succeeds.
using AdminHandler = std::function<Result<Response>(Call&, db::Transaction&, const Author&)>;

/// Refuses everybody else as actingAdmin() does.
[[nodiscard]] Handler adminHandler(AdminHandler handler);

/// Puts what `admin` did into the server's audit chain; `detail` names what it was done to.
void auditAdmin(db::Transaction& transaction, const Author& admin, const std::string& action,
                const std::string& detail);

} // namespace yarrow::server::api
