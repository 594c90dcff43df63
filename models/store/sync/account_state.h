// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/audit/audit_log.h"
#include "models/store/commands/account_commands.h"

#include <optional>
#include <string>

/// What telling the server of accounts and taking over what it lists have in common.
namespace yarrow::accounts {

/// account.at_server: an account as the server has it.
[[nodiscard]] std::string jsonOf(const std::string& userName, const std::string& displayName, Role role,
                                 bool active);
/// What the server last said; nothing when that cannot be understood.
[[nodiscard]] std::optional<Account> parsed(const std::string& atServer, const AccountId& id);

/// What is other, in codes, for the audit.
[[nodiscard]] std::string differenceOf(const Account& before, const Account& after);

/// An entry of the workstation's own. Throws SQLite::Exception.
void auditOf(Connection& connection, const Clock& clock, const ClinicIdentity& clinic, AuditAction action,
             AuditCategory category, std::string detail, AuditOutcome outcome = AuditOutcome::Success);

} // namespace yarrow::accounts
