// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/secret_bytes.h"
#include "models/store/commands/command_scope.h"

#include <optional>
#include <string>
#include <vector>

namespace yarrow {

/// Somebody who may sign in.
struct Account
{
    AccountId id;
    std::string userName; ///< unique whatever its case
    std::string displayName;
    Role role = Role::Receptionist;
    bool active = true;
};

/// The account with that id or name; nothing when there is none. Throws SQLite::Exception.
[[nodiscard]] std::optional<Account> findAccount(Connection& connection, const AccountId& id);
[[nodiscard]] std::optional<Account> findAccountByName(Connection& connection, const std::string& userName);

/// Everybody, active or not, in the order they were added. Throws SQLite::Exception.
[[nodiscard]] std::vector<Account> allAccounts(Connection& connection);

/// 1 to 64 letters, digits or . - _ @ of ASCII; InvalidArgument otherwise.
[[nodiscard]] Result<void> checkUserName(const std::string& userName);

/// People who may sign in. They are added by Clinic::addUser(), together with their key slot.
class AccountCommands
{
public:
    explicit AccountCommands(CommandScope& scope)
        : m_scope(scope)
    {}

    [[nodiscard]] Result<std::vector<Account>> list();

private:
    CommandScope& m_scope;
};

/// Writes the account row inside the caller's transaction, and the audit entry of it.
void insertAccount(CommandScope& scope, RecordStore& records, const Account& account);

} // namespace yarrow
