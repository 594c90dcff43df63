// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/write_failures.h"

#include "sync/engine/tunables.h"

#include <algorithm>

namespace yarrow::sync {

WriteFailures::WriteFailures(SyncSession& session)
    : m_session(session)
{
    for (const std::int64_t pk : outbox::failing(session.connection))
        m_known.emplace(pk, m_known.size());
}

bool WriteFailures::isToRest(const outbox::WriteFailure& failure,
                             const std::vector<std::int64_t>& records) const
{
    if (failure.failures < tunables::kFailuresUntilRest)
        return false;
    const auto lasts = m_session.clock.now() - failure.since;
    if (m_hasAnswered)
        return lasts >= tunables::kFailingUntilRest;
    // Nothing tells whether it is this write or the server: others that fail as well speak for the server.
    std::set<std::int64_t> failing = m_failed;
    for (const auto& [pk, turn] : m_known)
        failing.insert(pk);
    return lasts >= tunables::kFailingAloneUntilRest && failing.size() == records.size();
}

bool WriteFailures::note(SyncWork& work, const std::vector<std::int64_t>& records, const Stop& failure)
{
    const Instant now = m_session.clock.now();
    bool isToRest = false;
    for (const std::int64_t pk : records) {
        m_failed.insert(pk);
        if (!isKnown(pk) && !m_news)
            m_news = failure;
        isToRest |= this->isToRest(outbox::noteWriteFailure(m_session.connection, pk, now), records);
    }
    if (!isToRest)
        return false;
    for (const std::int64_t pk : records) {
        const auto record = work.records().find(pk);
        if (!record || record->edits.empty())
            continue;
        const std::int64_t upTo = record->push ? record->push->upTo : record->edits.front().seq;
        // Sent so often and always in vain, with the same operation: there is no answer to wait for.
        // Elsewhere no operation tells what became of it: until that is found out, it stays under way.
        if (m_session.link.kind == ServerLink::Kind::Yarrow)
            work.records().endPush(pk);
        outbox::rest(m_session.connection, pk, upTo, {failure.status, failure.code, failure.outcome}, now,
                     tunables::kFirstRest, tunables::kLongestRest);
        ++m_session.report.quarantined;
    }
    return true;
}

void WriteFailures::release(SyncSession& session)
{
    const std::vector<std::int64_t> rested = outbox::rested(session.connection, session.clock.now());
    if (rested.empty())
        return;
    Transaction transaction(session.connection);
    for (const std::int64_t pk : rested)
        outbox::release(session.connection, pk);
    transaction.commit();
}

} // namespace yarrow::sync
