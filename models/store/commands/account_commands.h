// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/secret_bytes.h"
#include "models/store/commands/command_scope.h"
#include "models/store/keys/key_slot.h"
#include "models/store/profile.h"

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
    bool operator==(const Account&) const = default;
};

/// The account with that id or name; nothing when there is none. Throws SQLite::Exception.
[[nodiscard]] std::optional<Account> findAccount(Connection& connection, const AccountId& id);
[[nodiscard]] std::optional<Account> findAccountByName(Connection& connection, const std::string& userName);

/// Everybody, active or not, in the order they were added. Throws SQLite::Exception.
[[nodiscard]] std::vector<Account> allAccounts(Connection& connection);

/// 1 to 64 letters, digits or . - _ @ of ASCII; InvalidArgument otherwise.
[[nodiscard]] Result<void> checkUserName(const std::string& userName);

/// What an administrator changes of an account; what is not there stays.
struct AccountEdit
{
    std::optional<std::string> displayName;
    std::optional<Role> role;
    std::optional<bool> active;
    std::optional<Account> seen = {}; ///< as it was when it was decided on
};

/// An account, and how far the server knows of it.
struct ListedAccount
{
    Account account;
    bool atServer = false;    ///< the server has listed it
    bool waits = false;       ///< a change of it is to be told to the server
    std::string refusal;      ///< the server's code for the newest change, if it refused that; else empty
    bool hasVerifier = false; ///< the server has a password of theirs, or is told one
    bool hasSlot = false;     ///< a key slot at this workstation that lets them in
};

/// People who may sign in. They are added by Clinic::addUser(), together with their key slot. What is changed
/// here reaches the server with the next exchange, and from there the other workstations.
class AccountCommands
{
public:
    AccountCommands(CommandScope& scope, const Profile& profile, const KdfCost& cost)
        : m_scope(scope)
        , m_profile(profile)
        , m_cost(cost)
    {}

    [[nodiscard]] Result<std::vector<Account>> list();
    [[nodiscard]] Result<std::vector<ListedAccount>> listAll(); ///< the same, with more of each

    /// For administrators: whether the key store alone opens the database; see Clinic::setDeviceSlot().
    [[nodiscard]] Result<bool> everybodySignsInHere();

    /// For administrators. NotFound; Stale when it is other than `seen`; InvalidArgument when nobody who is
    /// enabled would be an administrator any more, or the name is empty. The account as it is then.
    [[nodiscard]] Result<Account> change(const std::string& userName, const AccountEdit& edit,
                                         const std::string& reason);

private:
    [[nodiscard]] bool isLastAdministrator(const Account& account);
    void write(const Account& account);
    void dropSlot();

    CommandScope& m_scope;
    const Profile& m_profile;
    KdfCost m_cost;
};

/// Writes the account row inside the caller's transaction, and the audit entry of it. `verifier`: of its
/// password, to be told to the server; empty: there is no server, or it need not be told.
void insertAccount(CommandScope& scope, RecordStore& records, const Account& account,
                   const std::string& verifier = {});

} // namespace yarrow
