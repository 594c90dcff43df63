// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "models/store/sync/account_exchange.h"
#include "models/store/sync/outbox.h"
#include "models/store/sync/server_link.h"
#include "sync/engine/sync_report.h"

#include <optional>
#include <string>

namespace yarrow::sync {

/// How the exchange stands, for the status bar. A value.
struct SyncStatus
{
    enum class State {
        NotEnrolled,
        Paused,
        Stopped,      ///< the server takes nothing from this workstation; `detail` says why
        Starting,     ///< nothing was exchanged yet since the program began
        Synced,       ///< when last asked, everything was exchanged
        Sending,      ///< `toSend` records are on their way or about to be
        Offline,      ///< `since`; what is new here is kept
        Busy,         ///< the server wants to be asked later
        AskDeletions, ///< the server would delete many records here: somebody must confirm
        Failing,      ///< anything else that keeps it from going on; `detail`
    };
    State state = State::NotEnrolled;
    std::int64_t toSend = 0;      ///< records with edits that the server has neither taken nor refused
    std::int64_t quarantined = 0; ///< records with edits that the server refused
    std::int64_t conflicts = 0;   ///< open ones
    bool isRunning = false;       ///< an exchange is under way
    bool matchesServer = false;   ///< the last exchange ended with what the server has, compared by digest
    std::optional<Instant> completeAt; ///< of the last complete exchange
    std::optional<Instant> since;      ///< of the state, where it is one of not going on
    std::string detail;                ///< without patient data
    /// Why whoever is signed in may not go on: account-disabled, role-changed, password-replaced; empty: they
    /// may.
    std::string signedOut = {};
    bool operator==(const SyncStatus&) const = default;

    /// Whether it is true at `now` that what is here is what the server has: nothing waits, the last exchange
    /// was complete and lately, and the digests agreed.
    [[nodiscard]] bool isGreen(Instant now) const;
};

/// What a status is made from.
struct SyncFacts
{
    std::optional<ServerLink> link;
    outbox::Counts counts;
    bool isRunning = false;
    std::optional<SyncReport> last;
    std::optional<Instant> completeAt;
    std::optional<Instant> failingSince;
    std::optional<AccountStanding> atSignIn; ///< how who is signed in stood then; nothing: nobody is
    std::optional<AccountStanding> now;
};
[[nodiscard]] SyncStatus statusOf(const SyncFacts& facts);

/// Notices when the server shuts the workstation out while its exchange is watched. One that was shut out
/// before is left alone: somebody sees to what is left on it.
class RevocationWatch
{
public:
    /// "revoked", "wiped" or, as long as nothing of that has happened, empty. Takes each status as it comes.
    [[nodiscard]] std::string take(const SyncStatus& status);

private:
    std::optional<bool> m_wasRevoked; ///< when the watch began
};

} // namespace yarrow::sync
