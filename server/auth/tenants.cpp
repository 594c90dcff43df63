// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/tenants.h"

#include "server/audit/server_audit.h"
#include "server/auth/access_notice.h"
#include "server/auth/accounts.h"
#include "server/auth/crypto.h"
#include "server/auth/devices.h"
#include "server/auth/password_verifier.h"
#include "server/records/epoch.h"

namespace yarrow::server {
namespace {

constexpr std::size_t kMaxSlug = 63;
constexpr std::size_t kMaxName = 200;

bool isSlug(std::string_view text)
{
    return !text.empty() && text.size() <= kMaxSlug && text.front() != '-' && text.back() != '-' &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

} // namespace

Result<CreatedTenant> createTenant(db::Connection& connection, const NewTenant& wanted)
{
    if (!isSlug(wanted.slug))
        return refuse(400, "bad-request", "A slug is 1 to 63 of a-z, 0-9 and - (not at its ends).", "/slug");
    if (wanted.name.empty() || wanted.name.size() > kMaxName)
        return refuse(400, "bad-request", "A clinic's name has 1 to 200 bytes.", "/name");
    if (auto checked = checkPassword(wanted.adminPassword, wanted.adminUser, "/password"); !checked)
        return tl::unexpected(checked.error());
    const auto place = ScryptPlace::take();
    if (!place)
        return tl::unexpected(place.error());
    const auto verifier = PasswordVerifier::fromPassword(wanted.adminPassword, *place);

    CreatedTenant created;
    created.id = TenantId::random();
    db::Transaction transaction(connection, created.id);
    const auto claimed = transaction.run("INSERT INTO tenant_directory (slug, tenant_id) VALUES ($1, $2) "
                                         "ON CONFLICT DO NOTHING RETURNING 1",
                                         wanted.slug, created.id);
    if (claimed.empty())
        return refuse(409, "slug-taken", "There is a clinic with this slug already.", "/slug");
    transaction.run("INSERT INTO tenant (tenant_id, slug, name) VALUES ($1, $2, $3)", created.id, wanted.slug,
                    wanted.name);
    records::makeClinic(transaction);
    audit::append(transaction, {"clinic-created"});

    Account admin;
    admin.id = crypto::randomUuid();
    admin.userName = wanted.adminUser;
    admin.displayName = wanted.adminName.empty() ? wanted.adminUser : wanted.adminName;
    admin.role = Role::Admin;
    if (auto put = putAccount(transaction, admin, {}); !put)
        return tl::unexpected(put.error());
    setVerifier(transaction, admin.id, verifier, {});
    created.adminAccount = admin.id;
    created.code = makeEnrolmentCode(transaction, AreaSet::all(), kEnrolmentHours, {});
    transaction.commit();
    return created;
}

bool setSuspended(db::Transaction& transaction, bool suspended)
{
    const auto changed = transaction.run(
        "UPDATE tenant SET suspended = $2 WHERE tenant_id = $1 AND suspended <> $2 RETURNING 1",
        transaction.tenant(), suspended);
    if (changed.empty())
        return false;
    if (suspended) {
        for (const Device& device : allDevices(transaction))
            noticeAccess(transaction, device.id);
        for (const Account& account : allAccounts(transaction))
            noticeAccess(transaction, account.id);
    }
    audit::append(transaction, {suspended ? "clinic-suspended" : "clinic-resumed"});
    return true;
}

std::vector<TenantRow> allTenants(db::Connection& connection)
{
    std::vector<TenantRow> tenants;
    std::vector<TenantId> ids;
    {
        db::Transaction transaction(connection, TenantId());
        for (const auto& row : transaction.run("SELECT tenant_id FROM tenant_directory ORDER BY slug"))
            ids.push_back(TenantId::parse(row[0].c_str()).value_or(TenantId()));
    }
    for (const TenantId& id : ids) {
        db::Transaction transaction(connection, id);
        const auto rows = transaction.run(
            "SELECT slug, name, " YARROW_INSTANT("created_at") ", suspended FROM tenant WHERE tenant_id = $1",
            id);
        if (!rows.empty())
            tenants.push_back(
                {id, rows[0][0].c_str(), rows[0][1].c_str(), rows[0][2].c_str(), rows[0][3].as<bool>()});
    }
    return tenants;
}

} // namespace yarrow::server
