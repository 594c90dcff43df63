// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/accounts.h"
#include "server/http/router.h"

namespace yarrow::server::api {

/// Whose doing a request is: the account of a person's token, or the one a workstation names by the header
/// Yarrow-Author. 403 `author-required`, `author-unknown`, `author-disabled`.
[[nodiscard]] Result<Account> actingPerson(const Call& call, db::Transaction& transaction);
/// The same, if an administrator: else 403 `admin-required`.
[[nodiscard]] Result<Account> actingAdmin(const Call& call, db::Transaction& transaction);

/// For the audit.
[[nodiscard]] Author authorOf(const Call& call, const Account& person);

} // namespace yarrow::server::api
