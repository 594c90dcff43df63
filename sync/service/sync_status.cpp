// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/service/sync_status.h"

#include "sync/service/service_tuning.h"

namespace yarrow::sync {
namespace {

SyncStatus::State stateOf(const SyncFacts& facts, std::int64_t toSend)
{
    using State = SyncStatus::State;
    if (!facts.link)
        return State::NotEnrolled;
    if (!facts.link->stopped.empty())
        return State::Stopped;
    if (facts.link->paused)
        return State::Paused;
    if (!facts.last)
        return State::Starting;
    switch (facts.last->obstacle) {
    case Obstacle::None:
    case Obstacle::Unsettled:
    case Obstacle::Cancelled:
        break;
    case Obstacle::Offline:
        return State::Offline;
    case Obstacle::Busy:
        return State::Busy;
    case Obstacle::Unauthorised:
        return State::Stopped;
    case Obstacle::AskDeletions:
        return State::AskDeletions;
    case Obstacle::ServerError:
    case Obstacle::Untrusted:
    case Obstacle::Refused:
    case Obstacle::LocalFailure:
        return State::Failing;
    }
    if (toSend > 0 || !facts.last->isComplete())
        return State::Sending;
    return State::Synced;
}

std::string signedOutBy(const AccountStanding& before, const AccountStanding& now)
{
    if (!now.active)
        return "account-disabled";
    if (now.role != before.role)
        return "role-changed";
    return now.slotFloor > before.slotFloor ? "password-replaced" : "";
}

} // namespace

bool SyncStatus::isGreen(Instant now) const
{
    return state == State::Synced && toSend == 0 && quarantined == 0 && matchesServer && completeAt &&
           now - *completeAt <= tuning::kFresh && *completeAt - now <= tuning::kFresh;
}

SyncStatus statusOf(const SyncFacts& facts)
{
    SyncStatus status;
    status.quarantined = facts.counts.quarantined;
    status.toSend = facts.counts.waiting - facts.counts.quarantined;
    status.conflicts = facts.counts.conflicts;
    status.isRunning = facts.isRunning;
    status.completeAt = facts.completeAt;
    status.state = stateOf(facts, status.toSend);
    status.matchesServer = facts.last && facts.last->isComplete() && facts.last->matchesServer;
    if (facts.atSignIn && facts.now)
        status.signedOut = signedOutBy(*facts.atSignIn, *facts.now);
    const bool isFailing = facts.last && !facts.last->isComplete();
    if (isFailing)
        status.since = facts.failingSince;
    if (facts.link && !facts.link->stopped.empty())
        status.detail = facts.link->stopped;
    else if (isFailing)
        status.detail = facts.last->detail.empty() ? obstacleName(facts.last->obstacle) : facts.last->detail;
    return status;
}

std::string RevocationWatch::take(const SyncStatus& status)
{
    const bool isRevoked = status.state == SyncStatus::State::Stopped &&
                           status.detail.find("device-revoked") != std::string::npos;
    if (status.state != SyncStatus::State::NotEnrolled && !m_wasRevoked)
        m_wasRevoked = isRevoked;
    if (!isRevoked || m_wasRevoked != false)
        return {};
    return status.detail.find(", wipe") != std::string::npos ? "wiped" : "revoked";
}

} // namespace yarrow::sync
