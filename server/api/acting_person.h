// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/accounts.h"
#include "server/http/router.h"

namespace yarrow::server::api {

/// Whose doing a request is: the account of a person's token, or the one a workstation names by the header
/// Yarrow-Author. 403 `author-required`, `author-unknown`, `author-disabled`.
[[nodiscard]] Result<Account> actingPerson(const Call& call, db::Transaction& transaction);
/// The same, if an administrator: else 403 `admin-required`. Nobody proves to us who sits at a workstation,
/// so one that does not hold the administration cannot act for an administrator: 403 `outside-scope`.
[[nodiscard]] Result<Account> actingAdmin(const Call& call, db::Transaction& transaction);

/// 403 `outside-scope` for a workstation without the area Administration.
[[nodiscard]] Result<void> checkHoldsAdministration(const Call& call);
/// A workstation gives no areas that it does not hold itself: 403 `outside-scope`, naming `pointer`.
[[nodiscard]] Result<void> checkMayGive(const Call& call, AreaSet areas, const std::string& pointer);

/// For the audit.
[[nodiscard]] Author authorOf(const Call& call, const Account& person);

} // namespace yarrow::server::api
