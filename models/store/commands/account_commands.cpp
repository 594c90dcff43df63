// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/account_commands.h"

#include <algorithm>

namespace yarrow {

namespace {

#define YARROW_ACCOUNT_COLUMNS "SELECT id, user_name, display_name, role, active FROM account "

std::optional<Account> readAccount(Query& row)
{
    if (!row.step())
        return std::nullopt;
    const auto role = roleFromCode(row.text(3));
    YARROW_ASSERT(role.has_value());
    return Account{AccountId::known(row.string(0)), row.string(1), row.string(2), *role, row.integer(4) != 0};
}

} // namespace

std::optional<Account> findAccount(Connection& connection, const AccountId& id)
{
    Query row(connection, YARROW_ACCOUNT_COLUMNS "WHERE id = ?");
    row.bind(id.text());
    return readAccount(row);
}

std::optional<Account> findAccountByName(Connection& connection, const std::string& userName)
{
    Query row(connection, YARROW_ACCOUNT_COLUMNS "WHERE user_name = ?");
    row.bind(userName);
    return readAccount(row);
}

std::vector<Account> allAccounts(Connection& connection)
{
    std::vector<Account> accounts;
    Query row(connection, YARROW_ACCOUNT_COLUMNS "ORDER BY pk");
    while (auto account = readAccount(row))
        accounts.push_back(std::move(*account));
    return accounts;
}

Result<void> checkUserName(const std::string& userName)
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-' || c == '_' || c == '@';
    };
    if (userName.empty() || userName.size() > 64 || !std::all_of(userName.begin(), userName.end(), allowed))
        return fail(ErrorCode::InvalidArgument, "user name: 1 to 64 of A-Z a-z 0-9 . - _ @");
    return {};
}

Result<std::vector<Account>> AccountCommands::list()
{
    if (auto allowed = require(m_scope, Operation::Read, Area::Administration, "account"); !allowed)
        return fail(allowed.error());
    return guarded([&]() -> Result<std::vector<Account>> {
        std::vector<Account> accounts;
        Query row(m_scope.connection, YARROW_ACCOUNT_COLUMNS "ORDER BY user_name");
        while (auto account = readAccount(row))
            accounts.push_back(std::move(*account));
        return accounts;
    });
}

void insertAccount(CommandScope& scope, RecordStore& records, const Account& account)
{
    Query insert(scope.connection,
                 "INSERT INTO account (id, user_name, display_name, role, active, created_at) "
                 "VALUES (?, ?, ?, ?, ?, ?)");
    insert
        .bind(account.id.text(), account.userName, account.displayName, roleCode(account.role),
              account.active, formatInstant(scope.clock.now()))
        .run();
    AuditEvent event{AuditAction::AccountAdded, AuditCategory::Administration};
    event.detail = account.id.text() + " as " + std::string(roleCode(account.role));
    records.audit(event);
}

} // namespace yarrow
