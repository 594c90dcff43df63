// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/cli/tenant_option.h"

#include "server/auth/accounts.h"
#include "server/cli/commands.h"

namespace yarrow::server::cli {

TenantId tenantWithSlug(db::Connection& connection, const std::string& slug)
{
    const TenantId tenant = findTenant(connection, slug);
    if (tenant.empty())
        throw CommandFailed("There is no clinic " + slug + '.');
    return tenant;
}

} // namespace yarrow::server::cli
