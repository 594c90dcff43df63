// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace yarrow::sync {

/// Why a cycle ended before everything was exchanged.
enum class Obstacle {
    None,
    Offline,      ///< no answer: try again later
    Busy,         ///< 429 or 503: not before `retryAfter`
    ServerError,  ///< another 5xx
    Unauthorised, ///< the server takes nothing from this workstation any more
    Untrusted,    ///< the certificate was not accepted
    Refused,      ///< an answer that makes no sense to go on after; `detail` says what it was
    AskDeletions, ///< a pull would delete more than the brake lets pass: somebody must confirm
    LocalFailure, ///< the own database: full, damaged, busy
    Cancelled,
    Unsettled, ///< the rounds of one cycle did not suffice; the next one goes on
};

[[nodiscard]] const char* obstacleName(Obstacle obstacle) noexcept; ///< "offline", in logs and --json

/// What became of the audit chain. Nothing of it keeps records from being exchanged.
struct AuditReport
{
    std::int64_t sent = 0;    ///< entries that the server did not have before
    std::int64_t waiting = 0; ///< entries that are not at the server after the cycle
    std::string begun;   ///< a new incarnation began: restored, copied or moved; see incarnation::Departure
    std::string broken;  ///< where the server found that the chain does not hold together, and its reason
    std::string problem; ///< why not all that could be was sent; empty: nothing is wrong

    /// What people should know of it, as outbox::Exchange has it.
    [[nodiscard]] std::string note() const
    {
        if (!begun.empty())
            return "incarnation-" + begun;
        if (!broken.empty())
            return "audit-broken";
        return problem.empty() ? std::string() : "audit-not-sent";
    }
};

/// What one cycle did.
struct SyncReport
{
    std::int64_t pulled = 0;      ///< versions of the server that were taken
    std::int64_t pushed = 0;      ///< edits the server acknowledged
    std::int64_t merged = 0;      ///< records in which both sides had changes and now have all of them
    std::int64_t conflicts = 0;   ///< opened
    std::int64_t quarantined = 0; ///< edits the server refused
    std::int64_t erased = 0;      ///< records that were here and were erased at a patient's demand
    std::int64_t erasedEdits = 0; ///< edits that were not at the server yet and went with them
    std::int64_t waiting = 0; ///< records with edits that are not at the server after it, quarantine included
    std::int64_t bytes = 0;   ///< over the wire, both ways
    std::int64_t roundTrips = 0; ///< for records; the audit chain makes its own
    double seconds = 0;
    Obstacle obstacle = Obstacle::None;
    std::string detail; ///< of the obstacle; for people; no patient data
    std::optional<std::chrono::seconds> retryAfter;
    bool accountsChanged = false; ///< people, their rights or their passwords are other than before
    bool matchesServer = false;   ///< count and digest of the last page agreed with what is here
    AuditReport audit = {};
    std::vector<std::string> limits = {}; ///< of a server that is not ours: Dialect::limits()

    [[nodiscard]] bool isComplete() const noexcept { return obstacle == Obstacle::None; }
};

} // namespace yarrow::sync
