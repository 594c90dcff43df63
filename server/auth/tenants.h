// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/enrolment.h"
#include "server/db/connection.h"
#include "server/problem.h"

#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server {

struct TenantRow
{
    TenantId id;
    std::string slug;
    std::string name;
    std::string createdAt; ///< FHIR instant
    bool suspended = false;
};

struct NewTenant
{
    std::string slug; ///< a-z, 0-9 and dashes within, up to 63
    std::string name;
    std::string adminUser;
    std::string adminName;
    std::string adminPassword;
};

struct CreatedTenant
{
    TenantId id;
    std::string adminAccount;
    NewEnrolmentCode code; ///< for the first workstation, all areas
};

/// A clinic, its first epoch, its first administrator and a code for its first workstation: all or nothing.
/// 400 for what does not fit, 409 `slug-taken`.
[[nodiscard]] Result<CreatedTenant> createTenant(db::Connection& connection, const NewTenant& wanted);
/// From now on everybody of the transaction's clinic is refused with 403 `clinic-suspended`, and open
/// connections are closed; or no longer. False: it was so already.
bool setSuspended(db::Transaction& transaction, bool suspended);
[[nodiscard]] std::vector<TenantRow> allTenants(db::Connection& connection); ///< by slug

} // namespace yarrow::server
