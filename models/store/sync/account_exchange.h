// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/commands/account_commands.h"
#include "models/store/keys/key_slot.h"
#include "models/store/profile.h"

#include <optional>
#include <string>
#include <vector>

namespace yarrow {

// Accounts are no records: they have no history and no conflicts. The server has one list of them. What an
// administrator changes here is noted (account.changed_by, account.password_by), is told to the server with
// the next exchange, and what the server lists is taken over. All throw SQLite::Exception; writes are in a
// transaction of the caller's.

/// An account as the server lists it.
struct RemoteAccount
{
    std::string id; ///< at the server
    std::string userName;
    std::string displayName;
    Role role = Role::Receptionist;
    bool active = true;
    std::string revision;
    std::int64_t verifierVersion = 0;
    std::string verifier; ///< JSON; empty: no password is set there
};

/// What of an account the server is to be told.
struct AccountChange
{
    Account wanted;             ///< with its id here
    std::string remote;         ///< its id at the server
    bool isNew = false;         ///< the server does not have it yet
    bool takesRights = false;   ///< whoever it is may do less than before, or other things
    std::string author;         ///< id at the server of who changed it; empty: only the password was
    std::string verifier;       ///< of the new password; empty: it is as it was
    std::string passwordAuthor; ///< id at the server of who set it
};

/// What the server would not take.
struct AccountRefusal
{
    enum class Part { Account, Password };
    Part part = Part::Account;
    bool isOfAuthor = false; ///< whoever did it here may do no such thing anywhere
    std::string code;        ///< the server's; docs/server-errors.md
};

/// Names the state of the server's accounts that was taken last; empty: none was.
[[nodiscard]] std::string accountsTag(Connection& connection);

/// What waits to be told, accounts that may do more than before first.
[[nodiscard]] std::vector<AccountChange> accountChanges(Connection& connection);

/// Takes the server's accounts over, audited. Where the account was changed here as well, what only one side
/// changed stands; of two changes the server's does, but a disabled account stays disabled whoever wanted it.
/// A password that another one replaced opens nothing here any more. Whether anything is other than before.
bool takeAccounts(Connection& connection, const Clock& clock, const ClinicIdentity& clinic,
                  const std::vector<RemoteAccount>& accounts, const std::string& tag);

/// The server has the account as `change` wanted it. What was changed here since still waits.
void accountTold(Connection& connection, const AccountChange& change);
/// And the password, as this version of the verifier.
void passwordTold(Connection& connection, const AccountChange& change, std::int64_t version);
/// The server refused: the account is again as the server has it, and a refused password opens nothing here.
/// A new account stays this workstation's own, but is disabled where its author may not make any. Audited.
void accountRefused(Connection& connection, const Clock& clock, const ClinicIdentity& clinic,
                    const AccountChange& change, const AccountRefusal& refusal);

/// What the clinic's password is checked with; empty: that is not known.
[[nodiscard]] std::string accountVerifier(Connection& connection, const AccountId& account);
/// What key slots are to name that are made with a password that replaces all the others; see slotFloor.
[[nodiscard]] std::int64_t nextSlotFloor(Connection& connection, const AccountId& account);
/// The password was replaced here by `by`: key slots that name less than `slotFloor` open nothing from now
/// on. `verifier`: to be told to the server; empty: there is none.
void supersedePassword(Connection& connection, const AccountId& account, std::int64_t slotFloor,
                       const std::string& verifier, const AccountId& by);
/// Takes away the key slots of people who were disabled or whose password was replaced: a copy of the disk
/// must not open with them. Inside a transaction, which keeps other programs from the key file.
[[nodiscard]] Result<void> removeOutdatedSlots(Connection& connection, const Clock& clock,
                                               const Profile& profile, const KdfCost& cost = {});

/// How somebody who is signed in stands.
struct AccountStanding
{
    bool active = false;
    Role role = Role::Receptionist;
    std::int64_t slotFloor = 0;
    bool operator==(const AccountStanding&) const = default;
};
[[nodiscard]] std::optional<AccountStanding> accountStanding(Connection& connection,
                                                             const AccountId& account);

} // namespace yarrow
