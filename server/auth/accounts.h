// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/author.h"
#include "server/auth/password_verifier.h"
#include "server/auth/role.h"
#include "server/db/connection.h"
#include "server/problem.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server {

/// Somebody of a clinic who may sign in.
struct Account
{
    std::string id;
    std::string userName; ///< unique in the clinic, whatever its case
    std::string displayName;
    Role role = Role::Receptionist;
    bool active = true;
    std::optional<PasswordVerifier> verifier; ///< nothing: no password was set yet
    std::int64_t verifierVersion = 0;         ///< one more with every password
    std::string revision;                     ///< another one with every change; read, never written

    [[nodiscard]] bool isActiveAdmin() const noexcept { return active && role == Role::Admin; }
};

/// The clinic of that name; none when there is none.
[[nodiscard]] TenantId findTenant(db::Connection& connection, std::string_view slug);
[[nodiscard]] bool isSuspended(db::Transaction& transaction);

[[nodiscard]] std::optional<Account> findAccount(db::Transaction& transaction, std::string_view id);
/// The same, and nobody changes it until the transaction ends. To be locked before the account's refresh
/// tokens.
[[nodiscard]] std::optional<Account> lockAccount(db::Transaction& transaction, std::string_view id);
[[nodiscard]] std::optional<Account> findAccountByName(db::Transaction& transaction,
                                                       std::string_view userName);
[[nodiscard]] std::vector<Account> allAccounts(db::Transaction& transaction); ///< by user name

/// Names the state of all accounts: another one with every change of any of them.
[[nodiscard]] std::string accountsTag(db::Transaction& transaction);

/// Creates or changes all but the password, under a lock that makes the checks true. Ends what the person has
/// open when the rights have shrunk. 400 `bad-request` for the names, 409 `user-name-taken`, 409
/// `last-admin`; 412 `version-conflict` when the account has another revision than the one `expected`.
[[nodiscard]] Result<void> putAccount(db::Transaction& transaction, const Account& account,
                                      const Author& author, std::string_view expected = {});
/// A new verifier, one version up; the account's refresh tokens end. Gives the new version.
std::int64_t setVerifier(db::Transaction& transaction, std::string_view account,
                         const PasswordVerifier& verifier, const Author& author);

} // namespace yarrow::server
