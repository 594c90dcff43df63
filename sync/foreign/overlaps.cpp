// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/foreign/overlaps.h"

#include "models/store/sync/id_map.h"
#include "sync/engine/tunables.h"

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace yarrow::sync {
namespace {

bool isAtServer(const SyncRecord& record)
{
    return !record.version.empty() && record.edits.empty() && !record.push && record.body.has_value();
}

} // namespace

int openOverlaps(SyncSession& session)
{
    int opened = 0;
    const std::vector<std::string> appointments = outbox::bookingsToCompare(session.connection);
    std::span<const std::string> rest(appointments);
    std::set<std::pair<std::int64_t, std::int64_t>> seen;
    while (!rest.empty() && !session.cancelled) {
        SyncWork work(session);
        IdMap ids(session.connection);
        const auto chunk = rest.first(std::min(rest.size(), tunables::kAnswersAtOnce));
        rest = rest.subspan(chunk.size());
        for (const std::string& id : chunk) {
            outbox::bookingCompared(session.connection, id);
            const auto mine = work.records().find("Appointment", id);
            if (!mine || !isAtServer(*mine))
                continue; // one that waits is compared when the server has acknowledged it
            for (const std::int64_t pk : outbox::overlapping(session.connection, mine->pk)) {
                const auto other = work.records().find(pk);
                if (!other || !isAtServer(*other) || !seen.insert(std::minmax(mine->pk, pk)).second)
                    continue;
                const bool mineIsLater = std::pair(mine->lastUpdated, ids.remote(mine->type, mine->id)) >
                                         std::pair(other->lastUpdated, ids.remote(other->type, other->id));
                opened += work.reconciler().overlapFound(mineIsLater ? *mine : *other,
                                                         mineIsLater ? *other : *mine, session.link.account);
            }
        }
        work.commit();
    }
    return opened;
}

} // namespace yarrow::sync
