// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/account_commands.h"

#include "models/store/keys/key_slot_file.h"
#include "models/store/sync/account_exchange.h"
#include "models/store/sync/account_state.h"

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

Result<std::vector<ListedAccount>> AccountCommands::listAll()
{
    if (auto allowed = require(m_scope, Operation::Read, Area::Administration, "account"); !allowed)
        return fail(allowed.error());
    const auto keyFile = KeySlotFile::load(QString::fromStdString(m_profile.keyFile().string()), m_cost);
    if (!keyFile)
        return fail(keyFile.error());
    const auto slots = keyFile->slots();
    return guarded([&]() -> Result<std::vector<ListedAccount>> {
        std::vector<ListedAccount> accounts;
        Query row(
            m_scope.connection,
            "SELECT id, user_name, display_name, role, active, at_server IS NOT NULL, "
            "changed_by IS NOT NULL OR password_by IS NOT NULL, refusal, verifier IS NOT NULL, slot_floor "
            "FROM account ORDER BY user_name");
        while (auto account = readAccount(row)) {
            const bool hasSlot = std::any_of(slots.begin(), slots.end(), [&](const SlotInfo& slot) {
                return slot.kind == SlotKind::Password && slot.userId == account->id &&
                       slot.verifierVersion >= row.integer(9);
            });
            accounts.push_back({std::move(*account), row.integer(5) != 0, row.integer(6) != 0, row.string(7),
                                row.integer(8) != 0, hasSlot});
        }
        return accounts;
    });
}

Result<bool> AccountCommands::everybodySignsInHere()
{
    if (auto allowed = require(m_scope, Operation::Read, Area::Administration, "account"); !allowed)
        return fail(allowed.error());
    const auto keyFile = KeySlotFile::load(QString::fromStdString(m_profile.keyFile().string()), m_cost);
    if (!keyFile)
        return fail(keyFile.error());
    return keyFile->hasSlot(SlotKind::Device);
}

Result<Account> AccountCommands::change(const std::string& userName, const AccountEdit& edit,
                                        const std::string& reason)
{
    if (auto allowed = require(m_scope, Operation::Update, Area::Administration, "account"); !allowed)
        return fail(allowed.error());
    return guarded([&]() -> Result<Account> {
        UnitOfWork work(m_scope);
        const auto before = findAccountByName(m_scope.connection, userName);
        if (!before)
            return fail(ErrorCode::NotFound, "user " + userName);
        if (edit.seen && *edit.seen != *before)
            return fail(ErrorCode::Stale, "user " + userName);
        Account now = *before;
        now.displayName = edit.displayName.value_or(now.displayName);
        now.role = edit.role.value_or(now.role);
        now.active = edit.active.value_or(now.active);
        if (now.displayName.empty())
            return fail(ErrorCode::InvalidArgument, "name: missing");
        if (now == *before)
            return now;
        if (isLastAdministrator(*before) && !(now.active && now.role == Role::Admin))
            return fail(ErrorCode::InvalidArgument, "the last administrator stays one");
        write(now);
        AuditEvent event{AuditAction::AccountChanged, AuditCategory::Administration};
        event.detail = accounts::differenceOf(*before, now);
        event.reason = reason;
        work.records().audit(event);
        work.commit();
        if (!now.active)
            dropSlot();
        return now;
    });
}

/// What keeps it from going keeps nobody in: signing in refuses it, and the next exchange tries again.
void AccountCommands::dropSlot()
{
    static_cast<void>(guarded([&]() -> Result<void> {
        Transaction transaction(m_scope.connection); // keeps other programs from the key file
        auto removed = removeOutdatedSlots(m_scope.connection, m_scope.clock, m_profile, m_cost);
        if (removed)
            transaction.commit();
        return removed;
    }));
}

bool AccountCommands::isLastAdministrator(const Account& account)
{
    const auto all = allAccounts(m_scope.connection);
    return account.active && account.role == Role::Admin &&
           std::count_if(all.begin(), all.end(),
                         [](const Account& one) { return one.active && one.role == Role::Admin; }) == 1;
}

void AccountCommands::write(const Account& account)
{
    Query(m_scope.connection,
          "UPDATE account SET display_name = ?2, role = ?3, active = ?4, refusal = '', "
          "changed_by = CASE WHEN EXISTS (SELECT 1 FROM server_link WHERE kind = 'yarrow') "
          "THEN ?5 END WHERE id = ?1")
        .bind(account.id.text(), account.displayName, roleCode(account.role), account.active,
              m_scope.actor.account.text())
        .run();
}

void insertAccount(CommandScope& scope, RecordStore& records, const Account& account,
                   const std::string& verifier)
{
    Query insert(
        scope.connection,
        "INSERT INTO account (id, user_name, display_name, role, active, created_at, changed_by, "
        "verifier, password_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
        "CASE WHEN ?7 = '' THEN NULL ELSE ?8 END, nullif(?7, ''), CASE WHEN ?7 = '' THEN NULL ELSE ?8 END)");
    insert
        .bind(account.id.text(), account.userName, account.displayName, roleCode(account.role),
              account.active, formatInstant(scope.clock.now()), verifier, scope.actor.account.text())
        .run();
    AuditEvent event{AuditAction::AccountAdded, AuditCategory::Administration};
    event.detail = account.id.text() + " as " + std::string(roleCode(account.role));
    records.audit(event);
}

} // namespace yarrow
