// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/accounts.h"

#include "server/audit/server_audit.h"
#include "server/auth/access_notice.h"

#include <boost/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace yarrow::server {
namespace {

constexpr std::size_t kMaxUserName = 64;
constexpr std::size_t kMaxDisplayName = 200;

// Of the row itself, so that nothing that writes it can forget it.
#define YARROW_ACCOUNT_REVISION                                                                              \
    "verifier_version || '-' || (extract(epoch FROM updated_at) * 1000000)::bigint || '-' || xmin::text"
#define YARROW_ACCOUNT_COLUMNS                                                                               \
    "SELECT account_id, user_name, display_name, role, active, verifier, "                                   \
    "verifier_version, " YARROW_ACCOUNT_REVISION " FROM account "

Account read(const pqxx::row& row)
{
    Account account;
    account.id = row[0].as<std::string>();
    account.userName = row[1].as<std::string>();
    account.displayName = row[2].as<std::string>();
    const auto role = roleFromCode(row[3].as<std::string>());
    if (!role)
        throw std::runtime_error("an account's row is damaged");
    account.role = *role;
    account.active = row[4].as<bool>();
    if (!row[5].is_null()) {
        auto verifier = PasswordVerifier::fromJson(boost::json::parse(row[5].as<std::string>()).as_object());
        if (!verifier)
            throw std::runtime_error("an account's row is damaged");
        account.verifier = std::move(*verifier);
    }
    account.verifierVersion = row[6].as<std::int64_t>();
    account.revision = row[7].as<std::string>();
    return account;
}

std::optional<Account> first(const pqxx::result& rows)
{
    std::optional<Account> account;
    if (!rows.empty())
        account = read(rows[0]);
    return account;
}

std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

Result<void> checkNames(const Account& account)
{
    const bool isUserName =
        !account.userName.empty() && account.userName.size() <= kMaxUserName &&
        account.userName.find_first_not_of(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_@") == std::string::npos;
    if (!isUserName)
        return refuse(400, "bad-request", "A user name is 1 to 64 letters, digits or . - _ @ of ASCII.",
                      "/user");
    if (account.displayName.empty() || account.displayName.size() > kMaxDisplayName)
        return refuse(400, "bad-request", "A display name has 1 to 200 bytes.", "/name");
    return {};
}

audit::Event eventOf(std::string action, std::string_view account, const Author& author)
{
    audit::Event event{std::move(action)};
    event.account = author.account;
    event.role = author.role;
    event.device = author.device;
    event.resourceType = "Account";
    event.resourceId = account;
    return event;
}

void endSignIns(db::Transaction& transaction, std::string_view account)
{
    transaction.run("DELETE FROM refresh_token WHERE tenant_id = $1 AND account_id = $2",
                    transaction.tenant(), account);
    noticeAccess(transaction, account);
}

} // namespace

TenantId findTenant(db::Connection& connection, std::string_view slug)
{
    db::Transaction transaction(connection, TenantId());
    const auto rows =
        transaction.run("SELECT tenant_id FROM tenant_directory WHERE slug = $1", lowerCase(slug));
    return rows.empty() ? TenantId() : TenantId::parse(rows[0][0].as<std::string>()).value_or(TenantId());
}

bool isSuspended(db::Transaction& transaction)
{
    const auto rows =
        transaction.run("SELECT suspended FROM tenant WHERE tenant_id = $1", transaction.tenant());
    return rows.empty() || rows[0][0].as<bool>();
}

std::optional<Account> findAccount(db::Transaction& transaction, std::string_view id)
{
    return first(transaction.run(YARROW_ACCOUNT_COLUMNS "WHERE tenant_id = $1 AND account_id = $2",
                                 transaction.tenant(), id));
}

std::optional<Account> lockAccount(db::Transaction& transaction, std::string_view id)
{
    return first(transaction.run(YARROW_ACCOUNT_COLUMNS "WHERE tenant_id = $1 AND account_id = $2 FOR UPDATE",
                                 transaction.tenant(), id));
}

std::optional<Account> findAccountByName(db::Transaction& transaction, std::string_view userName)
{
    return first(transaction.run(YARROW_ACCOUNT_COLUMNS "WHERE tenant_id = $1 AND user_key = $2",
                                 transaction.tenant(), lowerCase(userName)));
}

std::vector<Account> allAccounts(db::Transaction& transaction)
{
    std::vector<Account> accounts;
    for (const auto& row : transaction.run(YARROW_ACCOUNT_COLUMNS "WHERE tenant_id = $1 ORDER BY user_key",
                                           transaction.tenant()))
        accounts.push_back(read(row));
    return accounts;
}

std::string accountsTag(db::Transaction& transaction)
{
    return transaction
        .run("SELECT count(*) || '-' || coalesce(md5(string_agg(account_id || ' ' || " YARROW_ACCOUNT_REVISION
             ", ',' ORDER BY account_id)), '') FROM account WHERE tenant_id = $1",
             transaction.tenant())
        .at(0)[0]
        .as<std::string>();
}

Result<void> putAccount(db::Transaction& transaction, const Account& account, const Author& author,
                        std::string_view expected)
{
    if (auto checked = checkNames(account); !checked)
        return checked;
    // The tenant's row orders changes of accounts, so that two administrators cannot disable each other at
    // once. (Not the clinic's: accounts are no records, and must not wait for a long bundle.)
    transaction.run("SELECT 1 FROM tenant WHERE tenant_id = $1 FOR UPDATE", transaction.tenant());
    // The row too: a password may be set at this moment.
    const auto before = lockAccount(transaction, account.id);
    if (!expected.empty() && (!before || before->revision != expected))
        return refuse(412, "version-conflict", "The account has changed since it was read.");
    const auto namesake = findAccountByName(transaction, account.userName);
    if (namesake && namesake->id != account.id)
        return refuse(409, "user-name-taken", "Another account of this clinic has this user name.", "/user");
    if (before && before->isActiveAdmin() && !account.isActiveAdmin()) {
        const auto others =
            transaction.run("SELECT 1 FROM account WHERE tenant_id = $1 AND account_id <> $2 AND "
                            "role = 'admin' AND active LIMIT 1",
                            transaction.tenant(), account.id);
        if (others.empty())
            return refuse(409, "last-admin", "The last active administrator keeps the role and stays active.",
                          account.active ? "/role" : "/active");
    }
    transaction.run(
        "INSERT INTO account (tenant_id, account_id, user_name, user_key, display_name, role, active) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, account_id) DO UPDATE SET "
        "user_name = excluded.user_name, user_key = excluded.user_key, display_name = excluded.display_name, "
        "role = excluded.role, active = excluded.active, updated_at = now()",
        transaction.tenant(), account.id, account.userName, lowerCase(account.userName), account.displayName,
        roleCode(account.role), account.active);
    if (before && before->active && !account.active)
        endSignIns(transaction, account.id);
    else if (before && before->role != account.role)
        noticeAccess(transaction, account.id);
    audit::Event event = eventOf(before ? "account-changed" : "account-added", account.id, author);
    event.detail = "role=" + std::string(roleCode(account.role)) + (account.active ? " active" : " disabled");
    audit::append(transaction, event);
    return {};
}

std::int64_t setVerifier(db::Transaction& transaction, std::string_view account,
                         const PasswordVerifier& verifier, const Author& author)
{
    const auto rows =
        transaction.run("UPDATE account SET verifier = $3::jsonb, verifier_version = verifier_version + 1, "
                        "updated_at = now() "
                        "WHERE tenant_id = $1 AND account_id = $2 RETURNING verifier_version",
                        transaction.tenant(), account, boost::json::serialize(verifier.toJson()));
    endSignIns(transaction, account);
    audit::Event event = eventOf("password-set", account, author);
    event.category = "authentication";
    audit::append(transaction, event);
    return rows.at(0)[0].as<std::int64_t>();
}

} // namespace yarrow::server
