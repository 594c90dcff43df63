// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/foreign/overlaps.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <tuple>
#include <utility>

namespace yarrow::sync {
namespace {

bool isAtServer(const SyncRecord& record)
{
    return !record.version.empty() && record.edits.empty() && !record.push && record.body.has_value();
}

} // namespace

int openOverlaps(SyncSession& session, const std::vector<std::string>& appointments)
{
    int opened = 0;
    if (appointments.empty())
        return opened;
    SyncWork work(session);
    std::set<std::pair<std::int64_t, std::int64_t>> seen;
    for (const std::string& id : appointments) {
        const auto mine = work.records().find("Appointment", id);
        if (!mine || !isAtServer(*mine))
            continue;
        for (const std::int64_t pk : outbox::overlapping(session.connection, mine->pk)) {
            const auto other = work.records().find(pk);
            if (!other || !isAtServer(*other) || !seen.insert(std::minmax(mine->pk, pk)).second)
                continue;
            const bool mineIsLater =
                std::tie(mine->lastUpdated, mine->id) > std::tie(other->lastUpdated, other->id);
            opened += work.reconciler().overlapFound(mineIsLater ? *mine : *other,
                                                     mineIsLater ? *other : *mine, session.link.account);
        }
    }
    work.commit();
    return opened;
}

} // namespace yarrow::sync
