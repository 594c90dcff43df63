// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/id.h"
#include "models/store/audit/audit_entry.h"
#include "models/store/db/connection.h"
#include "models/store/keys/device_secret_store.h"
#include "models/store/records/record_store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yarrow {

/// An entry by which a chain is known: its number and hash say what stands before it, too.
struct ChainHead
{
    std::string incarnation;
    std::int64_t seq = 0;
    std::string hash; ///< hexadecimal
    bool operator==(const ChainHead&) const = default;
};

/// The name under which a workstation acts: of its part of the audit chain, and of what the server knows of
/// it besides (the ids of operations derive from it). A database that was restored from a backup, or is one
/// of two copies, must not act under the old one again: what it writes would stand in the place of what the
/// server has. So it begins a new one, whose first entry goes on from the local chain and names its head.
/// Functions without a Result throw SQLite::Exception like the rest of the store inside.
namespace incarnation {

/// Why a new one begins.
enum class Departure {
    Behind,   ///< the chain here ends before what is remembered of it: restored from a backup
    Forked,   ///< another entry stands here in the place of the one remembered: one of two copies
    Elsewhere ///< what remembers the chain is another machine, or another workstation's enrolment
};
[[nodiscard]] std::string_view departureCode(Departure departure) noexcept; ///< restored, copied, moved

[[nodiscard]] std::string current(Connection& connection);

/// The newest entry; nothing before the first.
[[nodiscard]] std::optional<ChainHead> head(Connection& connection);
[[nodiscard]] std::optional<ChainHead> entryAt(Connection& connection, std::int64_t seq);
/// The number of the incarnation's first entry behind `after`.
[[nodiscard]] std::optional<std::int64_t> firstBehind(Connection& connection, std::int64_t after,
                                                      const std::string& incarnation);

/// Nothing when the local chain goes on from the head that is remembered elsewhere.
[[nodiscard]] std::optional<Departure> departureFrom(Connection& connection, const ChainHead& remembered);

/// Whatever is held in the old one's name ends here: operations from now on have other ids (what is under way
/// is settled under the id it has), and what the server lent to the old one belongs to it. In a transaction
/// of the caller's. Nothing happens when `from` is no longer the current one.
void begin(Connection& connection, const Clock& clock, IdSource& ids, const Actor& actor,
           const std::string& from, Departure departure);

/// Of an entry that begins an incarnation: its Departure's code; empty for any other.
[[nodiscard]] std::string departureOf(const AuditEntry& entry);

// The OS key store remembers, for each incarnation, the newest entry that the server acknowledged: a restored
// or copied disk does not bring that along. Both fail as the store does.
[[nodiscard]] Result<ChainHead> remembered(DeviceSecretStore& secrets, const std::string& databaseId,
                                           const std::string& incarnation);
[[nodiscard]] Result<void> remember(DeviceSecretStore& secrets, const std::string& databaseId,
                                    const ChainHead& head);

/// At sign-in, before anything is written: compares the local chain with what the key store remembers of it,
/// and begins a new incarnation where it must. Does nothing without a key store, or where no server of ours
/// has the chain. Changes `clinic.incarnation`.
void settleAtSignIn(Connection& connection, const Clock& clock, IdSource& ids, DeviceSecretStore* secrets,
                    ClinicIdentity& clinic, const Actor& actor);

} // namespace incarnation

/// How far the server has the audit chain, as the database remembers it.
struct AcknowledgedHead
{
    ChainHead head;
    std::int64_t signedSeq = 0; ///< of the incarnation's newest signed checkpoint; 0: none
    bool isInKeyStore = false;  ///< the key store remembers this one, or one before it
    bool operator==(const AcknowledgedHead&) const = default;
};
[[nodiscard]] std::optional<AcknowledgedHead> acknowledgedHead(Connection& connection);
/// In a transaction of the caller's; nothing: the server has none of it.
void setAcknowledgedHead(Connection& connection, const std::optional<AcknowledgedHead>& acknowledged);

} // namespace yarrow
