// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/commands/conflict_commands.h"

namespace yarrow {

// What settlements replaced is kept for a while, so that whoever settled can take it back, also after another
// start of the program. It goes with the conflict when the record is erased. All throw SQLite::Exception;
// writes are in a transaction of the caller's.

void keepTicket(Connection& connection, const SettledConflict& settled, const AccountId& account);
void dropTicket(Connection& connection, const std::string& task);
/// Those of the account, oldest first.
[[nodiscard]] std::vector<SettledConflict> ticketsOf(Connection& connection, const AccountId& account);
/// Those from before that time are no longer wanted.
void dropTicketsBefore(Connection& connection, Instant time);

} // namespace yarrow
