// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/commands/command_scope.h"
#include "models/store/keys/key_slot_file.h"
#include "models/store/profile.h"

#include <functional>
#include <optional>
#include <string>

namespace yarrow {

// The key file and the database are two files, and what is done to one of them is told in the other: a new
// password in the audit, for example. So the database notes first, durably, what the key file is going to be;
// then the file is saved; then the note becomes what it stands for. Whoever opens the clinic after a crash,
// or changes the key file, finishes what was cut off after the file was saved and forgets what was cut off
// before.

/// What the database learns when the key file has been changed.
struct KeyFileChange
{
    struct Superseded
    {
        AccountId account;          ///< their older passwords open nothing any more
        std::int64_t slotFloor = 0; ///< of the account from then on
        std::string verifier;       ///< of the new password, to be told to the server; empty: there is none
    };
    AuditEvent event; ///< its action, category and detail; of success
    std::optional<Superseded> superseded = {};
};

/// The key file as `change` leaves it, saved, and what the database is to learn written. Nothing has changed
/// when it fails; Stale: another program changed the key file meanwhile. Outside of any transaction, on a
/// connection whose commits are durable.
[[nodiscard]] Result<KeySlotFile> changeKeyFile(CommandScope& scope, const Profile& profile,
                                                const KdfCost& cost, const KeyFileChange& what,
                                                const std::function<Result<void>(KeySlotFile&)>& change);

/// Finishes or forgets a change that was cut off. Inside the caller's transaction, which keeps other programs
/// from the key file; before anything else is done to that. Throws SQLite::Exception.
void settleKeyFileChange(Connection& connection, const Clock& clock, const Profile& profile);

/// The same in a transaction of its own, if there is anything to settle.
[[nodiscard]] Result<void> settleKeyFileChangeAlone(Connection& connection, const Clock& clock,
                                                    const Profile& profile);

} // namespace yarrow
