// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/audit/entry.h"
#include "server/auth/devices.h"
#include "server/db/connection.h"
#include "server/problem.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server::audit {

/// Where a chain does not hold together. Reasons are stable: gap, not-following (the entry before has another
/// hash), hash-mismatch (the content has another hash), other-entry (the number is taken), other-device,
/// unknown-head (what a new incarnation says it follows is not here), checkpoint-mismatch, behind-checkpoint.
struct Break
{
    std::int64_t seq = 0;
    std::string reason;
};

/// The head of an older incarnation that a new one goes on from.
struct Follows
{
    std::string incarnation;
    std::int64_t seq = 0;
    std::string hash;
};

struct Upload
{
    std::string incarnation;
    /// Looked at when the chain is new. An entry that is a copy will do when the same device sent it: a
    /// workstation that was restored, or enrolled anew, goes on from what it has.
    std::optional<Follows> follows;
    std::vector<Entry> entries;
};

/// A chain as the server knows it.
struct ChainState
{
    std::string incarnation;
    std::string device;
    std::int64_t next = 1; ///< number of the entry that is expected next
    std::string head;      ///< hash it must follow
    std::string follows;   ///< incarnation; empty for none
    std::optional<Break> firstBreak;
    std::string brokenAt;                   ///< FHIR instant
    std::optional<std::int64_t> checkpoint; ///< number of the newest
};

/// What is wrong with an entry of the chain's owner: gap, other-entry, not-following or hash-mismatch; empty
/// when it fits. `isNumberTaken`: another entry stands under its number. Moves the chain on to an entry that
/// is its new last one, whether it fits or not.
[[nodiscard]] std::string misfit(ChainState& chain, const Entry& entry, bool isNumberTaken);

struct Intake
{
    std::int64_t stored = 0;
    std::int64_t known = 0;          ///< were here already
    ChainState chain;                ///< afterwards
    std::optional<Break> firstBreak; ///< among what was new
};

/// Takes entries of a device's chain. What was here is passed over; what does not fit is kept all the same,
/// the chain is marked (not when another device sent it), and the break is told: in the server's own chain,
/// in the log and in the figure yarrow_audit_breaks_total. 403 `chain-reserved` for the server's own chain.
/// The caller commits.
[[nodiscard]] Result<Intake> takeEntries(db::Transaction& work, std::string_view device,
                                         const Upload& upload);

struct Checkpoint
{
    std::string incarnation;
    std::int64_t seq = 0;
    std::string hash;
    std::string signature; ///< ES256 over checkpointText(), r ‖ s
};
/// "yarrow-audit-checkpoint\n<incarnation>\n<seq>\n<hash in hexadecimal>"
[[nodiscard]] std::string checkpointText(const Checkpoint& checkpoint);

struct CheckpointIntake
{
    bool isNew = false;
    std::optional<Break> found;
};
/// Keeps the head a device has signed. One behind the newest checkpoint, or of another hash than the entry,
/// is a break. 404 `no-such-chain`; 403 `chain-of-another-device`; 400 `bad-signature`; 409
/// `audit-entries-missing` when its entry has not arrived.
[[nodiscard]] Result<CheckpointIntake> takeCheckpoint(db::Transaction& work, const Device& device,
                                                      const Checkpoint& checkpoint);

[[nodiscard]] std::optional<ChainState> findChain(db::Transaction& work, std::string_view incarnation);

} // namespace yarrow::server::audit
