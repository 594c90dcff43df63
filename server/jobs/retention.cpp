// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/cleanup.h"
#include "server/records/epoch.h"

#include <algorithm>

namespace yarrow::server::jobs {

namespace {

/// Versions passed per step: some milliseconds of the clinic's lock.
constexpr std::int64_t kStep = 500;
constexpr int kOperationsPerStep = 5000;

/// The newest version older than `days`; 0 for none.
std::int64_t lastOld(Run& run, int days)
{
    db::Transaction transaction(run.db, run.tenant, db::Isolation::ReadCommitted, true);
    const pqxx::result result = transaction.run(
        "SELECT seq FROM version WHERE tenant_id = $1 AND last_updated < now() - $2 * interval '1 day' "
        "ORDER BY last_updated DESC LIMIT 1",
        run.tenant, days);
    return result.empty() ? 0 : result[0][0].as<std::int64_t>();
}

/// Passes the next versions up to `last`. Each takes with it the one it superseded, and a deletion that is
/// still the record's present state goes itself: so the versions behind the floor are whole, and nothing is
/// looked at twice. Returns how many rows went; nothing when the floor has reached `last`.
std::optional<std::int64_t> raiseFloor(Run& run, std::int64_t last)
{
    std::optional<std::int64_t> deleted;
    db::Transaction transaction(run.db, run.tenant);
    const records::ClinicHead head = records::lockClinic(transaction);
    if (head.floorSeq >= last)
        return deleted;
    const std::int64_t floor = std::min(head.floorSeq + kStep, last);
    transaction.run("UPDATE clinic SET floor_seq = $2, floor_time = "
                    "coalesce((SELECT max(last_updated) FROM version WHERE tenant_id = $1 AND seq > "
                    "floor_seq AND seq <= $2), "
                    "floor_time) WHERE tenant_id = $1", // an erasure leaves gaps
                    run.tenant, floor);
    const pqxx::result superseded = transaction.run(
        "DELETE FROM version old USING version v WHERE v.tenant_id = $1 AND v.seq > $2 AND v.seq <= $3 "
        "AND old.tenant_id = $1 AND old.seq = v.previous_seq",
        run.tenant, head.floorSeq, floor);
    const pqxx::result deletions = transaction.run(
        "WITH gone AS (DELETE FROM resource r USING version v WHERE v.tenant_id = $1 AND v.seq > $2 AND "
        "v.seq <= $3 "
        "AND v.method = 'delete' AND r.tenant_id = $1 AND r.type = v.type AND r.id = v.id AND r.seq = v.seq "
        "RETURNING r.seq) "
        "DELETE FROM version v USING gone WHERE v.tenant_id = $1 AND v.seq = gone.seq",
        run.tenant, head.floorSeq, floor);
    transaction.commit();
    deleted = static_cast<std::int64_t>(superseded.affected_rows() + deletions.affected_rows());
    return deleted;
}

/// Returns how many went.
std::int64_t forgetOperations(Run& run, int days)
{
    db::Transaction transaction(run.db, run.tenant);
    const pqxx::result result = transaction.run(
        "DELETE FROM operation WHERE tenant_id = $1 AND operation IN (SELECT operation FROM operation "
        "WHERE tenant_id = $1 AND at < now() - $2 * interval '1 day' ORDER BY at LIMIT $3)",
        run.tenant, days, kOperationsPerStep);
    transaction.commit();
    return static_cast<std::int64_t>(result.affected_rows());
}

Outcome retain(Run& run, const RetentionSettings& settings)
{
    std::int64_t operations = 0;
    while (const std::int64_t forgotten =
               forgetOperations(run, std::min(settings.operationDays, settings.versionDays))) {
        operations += forgotten;
        if (run.mustStop())
            return yield();
    }
    std::int64_t versions = 0;
    const std::int64_t last = lastOld(run, settings.versionDays);
    while (const std::optional<std::int64_t> deleted = raiseFloor(run, last)) {
        versions += *deleted;
        run.progress(std::to_string(versions) + " versions and " + std::to_string(operations) +
                     " operations deleted");
        if (run.mustStop())
            return yield();
    }
    run.progress(std::to_string(versions) + " versions and " + std::to_string(operations) +
                 " operations deleted");
    return {};
}

} // namespace

Kind retentionKind(const RetentionSettings& settings)
{
    Kind kind;
    kind.name = "retention";
    kind.run = [settings](Run& run) { return retain(run, settings); };
    kind.lengthy = true;
    kind.daily = true;
    return kind;
}

} // namespace yarrow::server::jobs
