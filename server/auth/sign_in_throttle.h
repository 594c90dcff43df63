// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/connection.h"
#include "server/problem.h"

#include <string_view>

namespace yarrow::server {

/// Counts one more failure of that name, existing or not, until forgetFailures() says otherwise. After five,
/// the next attempt must wait: a second, doubling up to a quarter of an hour; 429 `sign-in-throttled` with
/// Retry-After. Attempts that are refused here do not count.
[[nodiscard]] Result<void> admitSignIn(db::Connection& connection, std::string_view userName);
void forgetFailures(db::Connection& connection, std::string_view userName);

} // namespace yarrow::server
