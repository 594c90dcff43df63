// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/foreign/overlaps.h"

#include "models/store/tunables.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <tuple>
#include <utility>

namespace yarrow::sync {
namespace {

/// Appointments that hold time of the same actor as `id` does.
std::vector<std::int64_t> overlapping(Connection& connection, std::int64_t pk)
{
    Query query(connection, "SELECT DISTINCT other.appointment FROM appointment_actor mine "
                            "JOIN appointment_actor other ON other.actor = mine.actor "
                            "AND other.start_at < mine.end_at AND other.start_at > mine.start_at - ? "
                            "AND other.end_at > mine.start_at AND other.appointment <> mine.appointment "
                            "WHERE mine.appointment = ? AND mine.overbooked = 0 AND other.overbooked = 0 "
                            "ORDER BY other.appointment");
    constexpr auto kLongest = std::chrono::milliseconds(yarrow::tunables::kLongestAppointment).count();
    query.bind(std::int64_t{kLongest}, pk);
    std::vector<std::int64_t> found;
    while (query.step())
        found.push_back(query.integer(0));
    return found;
}

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
        for (const std::int64_t pk : overlapping(session.connection, mine->pk)) {
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
