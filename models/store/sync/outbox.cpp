// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/sync/outbox.h"

#include "models/store/tunables.h"

#include <chrono>

#include <algorithm>

namespace yarrow::outbox {
namespace {

std::vector<std::int64_t> numbers(Query& query)
{
    std::vector<std::int64_t> found;
    while (query.step())
        found.push_back(query.integer(0));
    return found;
}

} // namespace

std::vector<std::int64_t> ready(Connection& connection)
{
    Query query(connection, "SELECT e.resource FROM edit e "
                            "WHERE NOT EXISTS (SELECT 1 FROM push p WHERE p.resource = e.resource) "
                            "AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.resource = e.resource) "
                            "GROUP BY e.resource ORDER BY min(e.seq)");
    return numbers(query);
}

std::vector<std::int64_t> underWay(Connection& connection)
{
    Query query(connection, "SELECT resource FROM push ORDER BY up_to");
    return numbers(query);
}

std::vector<std::int64_t> ofUnit(Connection& connection, const std::string& unit)
{
    Query query(connection, "SELECT DISTINCT resource FROM edit WHERE unit = ? ORDER BY resource");
    return numbers(query.bind(unit));
}

std::vector<UnitEdits> editsOfUnit(Connection& connection, const std::string& unit)
{
    std::vector<UnitEdits> found;
    Query query(connection,
                "SELECT r.pk, r.type, r.id, u.first, "
                "NOT EXISTS (SELECT 1 FROM edit l WHERE l.resource = r.pk AND l.seq > u.first AND "
                "l.unit IS NOT ?1), EXISTS (SELECT 1 FROM push p WHERE p.resource = r.pk) "
                "FROM (SELECT resource, min(seq) AS first FROM edit WHERE unit = ?1 GROUP BY resource) u "
                "JOIN resource r ON r.pk = u.resource ORDER BY r.pk");
    query.bind(unit);
    while (query.step()) {
        found.push_back({query.integer(0), query.string(1), query.string(2), query.integer(3),
                         query.integer(4) != 0, query.integer(5) != 0});
    }
    return found;
}

std::vector<UnitEdits> unitsOf(Connection& connection, std::int64_t pk)
{
    std::vector<UnitEdits> found;
    {
        Query own(connection, "SELECT r.type, r.id, (SELECT min(seq) FROM edit e WHERE e.resource = r.pk), "
                              "EXISTS (SELECT 1 FROM push p WHERE p.resource = r.pk) "
                              "FROM resource r WHERE r.pk = ?");
        if (!own.bind(pk).step() || own.isNull(2))
            return found;
        found.push_back({pk, own.string(0), own.string(1), own.integer(2), true, own.integer(3) != 0});
    }
    std::vector<std::string> units;
    Query unit(connection,
               "SELECT DISTINCT unit FROM edit WHERE resource = ? AND unit IS NOT NULL ORDER BY 1");
    unit.bind(pk);
    while (unit.step())
        units.push_back(unit.string(0));
    for (const std::string& one : units) {
        for (UnitEdits& part : editsOfUnit(connection, one)) {
            if (part.pk != pk)
                found.push_back(std::move(part));
        }
    }
    return found;
}

bool isNewHere(Connection& connection, std::string_view type, std::string_view id)
{
    Query query(connection, "SELECT 1 FROM resource r WHERE r.type = ? AND r.id = ? AND r.version IS NULL "
                            "AND EXISTS (SELECT 1 FROM edit e WHERE e.resource = r.pk)");
    return query.bind(type, id).step();
}

bool isUnknown(Connection& connection, std::string_view type, std::string_view id)
{
    Query query(connection, "SELECT 1 FROM resource WHERE type = ? AND id = ? AND deleted = 0");
    return !query.bind(type, id).step();
}

std::vector<std::int64_t> overlapping(Connection& connection, std::int64_t appointment)
{
    Query query(connection, "SELECT DISTINCT other.appointment FROM appointment_actor mine "
                            "JOIN appointment_actor other ON other.actor = mine.actor "
                            "AND other.start_at < mine.end_at AND other.start_at > mine.start_at - ? "
                            "AND other.end_at > mine.start_at AND other.appointment <> mine.appointment "
                            "WHERE mine.appointment = ? AND mine.overbooked = 0 AND other.overbooked = 0 "
                            "ORDER BY other.appointment");
    constexpr auto kLongest = std::chrono::milliseconds(tunables::kLongestAppointment).count();
    return numbers(query.bind(std::int64_t{kLongest}, appointment));
}

bool hasEdits(Connection& connection, std::string_view type, std::string_view id)
{
    Query query(connection, "SELECT 1 FROM resource r WHERE r.type = ? AND r.id = ? "
                            "AND EXISTS (SELECT 1 FROM edit e WHERE e.resource = r.pk)");
    return query.bind(type, id).step();
}

bool hasOpenConflict(Connection& connection, std::string_view type, std::string_view id)
{
    Query query(connection,
                "SELECT 1 FROM conflict_index WHERE focus_type = ? AND focus_id = ? AND open = 1");
    return query.bind(type, id).step();
}

Counts counts(Connection& connection)
{
    Counts counts;
    Query query(connection,
                "SELECT (SELECT count(DISTINCT resource) FROM edit), (SELECT count(*) FROM quarantine), "
                "(SELECT count(*) FROM conflict_index WHERE open = 1)");
    if (query.step())
        counts = {query.integer(0), query.integer(1), query.integer(2)};
    return counts;
}

void quarantine(Connection& connection, std::int64_t pk, std::int64_t upTo, const Refusal& refusal,
                const std::string& at)
{
    Query(connection,
          "INSERT INTO quarantine (resource, up_to, status, code, outcome, attempts, since) "
          "VALUES (?, ?, ?, ?, ?, 1, ?) ON CONFLICT (resource) DO UPDATE SET up_to = excluded.up_to, "
          "status = excluded.status, code = excluded.code, outcome = excluded.outcome, retry_at = NULL, "
          "attempts = attempts + 1")
        .bind(pk, upTo, refusal.status, refusal.code, refusal.outcome, at)
        .run();
}

void release(Connection& connection, std::int64_t pk)
{
    // A unit travels whole or not at all.
    Query(connection, "DELETE FROM quarantine WHERE resource = ?1 OR resource IN (SELECT resource FROM edit "
                      "WHERE unit IN (SELECT unit FROM edit WHERE resource = ?1))")
        .bind(pk)
        .run();
}

bool isQuarantined(Connection& connection, std::int64_t pk)
{
    return Query(connection, "SELECT 1 FROM quarantine WHERE resource = ?").bind(pk).step();
}

std::optional<Refusal> refusalOf(Connection& connection, std::string_view type, std::string_view id)
{
    Query row(connection, "SELECT q.status, q.code, q.outcome FROM quarantine q JOIN resource r "
                          "ON r.pk = q.resource WHERE r.type = ? AND r.id = ?");
    if (!row.bind(type, id).step())
        return std::nullopt;
    return Refusal{static_cast<int>(row.integer(0)), row.string(1), row.string(2)};
}

WriteFailure noteWriteFailure(Connection& connection, std::int64_t pk, Instant now)
{
    const std::int64_t at = now.time_since_epoch().count();
    Query(connection, "INSERT INTO write_failure (resource, failures, since, rests) VALUES (?, 1, ?, 0) "
                      "ON CONFLICT (resource) DO UPDATE SET failures = failures + 1, "
                      "since = CASE failures WHEN 0 THEN excluded.since ELSE since END")
        .bind(pk, at)
        .run();
    Query row(connection, "SELECT failures, since, rests FROM write_failure WHERE resource = ?");
    if (!row.bind(pk).step())
        return {};
    return {static_cast<int>(row.integer(0)), Instant(std::chrono::milliseconds(row.integer(1))),
            static_cast<int>(row.integer(2))};
}

std::vector<std::int64_t> failing(Connection& connection)
{
    Query query(connection, "SELECT f.resource FROM write_failure f WHERE f.failures > 0 "
                            "AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.resource = f.resource) "
                            "ORDER BY f.failures, f.since, f.resource");
    return numbers(query);
}

void rest(Connection& connection, std::int64_t pk, std::int64_t upTo, const Refusal& refusal, Instant now,
          std::chrono::milliseconds first, std::chrono::milliseconds longest)
{
    constexpr std::int64_t kMostDoublings = 20;
    std::int64_t rests = 0;
    std::int64_t failures = 1;
    {
        Query row(connection, "SELECT rests, failures FROM write_failure WHERE resource = ?");
        if (row.bind(pk).step()) {
            rests = row.integer(0);
            failures = row.integer(1);
        }
    }
    const auto duration = std::min(first * (std::int64_t{1} << std::min(rests, kMostDoublings)), longest);
    quarantine(connection, pk, upTo, refusal, formatInstant(now));
    Query(connection, "UPDATE quarantine SET attempts = ?, retry_at = ? WHERE resource = ?")
        .bind(failures, std::int64_t{(now + duration).time_since_epoch().count()}, pk)
        .run();
    Query(connection, "UPDATE write_failure SET failures = 0, rests = rests + 1 WHERE resource = ?")
        .bind(pk)
        .run();
}

std::vector<std::int64_t> rested(Connection& connection, Instant now)
{
    Query query(connection, "SELECT resource FROM quarantine WHERE retry_at <= ? ORDER BY resource");
    return numbers(query.bind(std::int64_t{now.time_since_epoch().count()}));
}

void refetch(Connection& connection, std::string_view type, std::string_view id)
{
    Query(connection, "INSERT OR IGNORE INTO refetch (type, id) VALUES (?, ?)").bind(type, id).run();
}

std::vector<std::pair<std::string, std::string>> toRefetch(Connection& connection)
{
    std::vector<std::pair<std::string, std::string>> found;
    Query query(connection, "SELECT type, id FROM refetch ORDER BY type, id");
    while (query.step())
        found.emplace_back(query.string(0), query.string(1));
    return found;
}

void refetched(Connection& connection, std::string_view type, std::string_view id)
{
    Query(connection, "DELETE FROM refetch WHERE type = ? AND id = ?").bind(type, id).run();
}

void noteBooking(Connection& connection, std::string_view id)
{
    Query(connection, "INSERT OR IGNORE INTO booking_check (id) VALUES (?)").bind(id).run();
}

std::vector<std::string> bookingsToCompare(Connection& connection)
{
    std::vector<std::string> found;
    Query query(connection, "SELECT id FROM booking_check ORDER BY id");
    while (query.step())
        found.push_back(query.string(0));
    return found;
}

void bookingCompared(Connection& connection, std::string_view id)
{
    Query(connection, "DELETE FROM booking_check WHERE id = ?").bind(id).run();
}

Checkpoint checkpoint(Connection& connection, const std::string& feed)
{
    Checkpoint found;
    Query query(
        connection,
        "SELECT epoch, scope, since, newest, page_link, sweep, reason FROM checkpoint WHERE feed = ?");
    if (query.bind(feed).step()) {
        found = {query.string(0), query.string(1),  query.string(2), query.string(3),
                 query.string(4), query.integer(5), query.string(6)};
    } else {
        found.sweep = nextSweep(connection);
        found.reason = "first";
    }
    return found;
}

void setCheckpoint(Connection& connection, const std::string& feed, const Checkpoint& checkpoint)
{
    Query(connection,
          "INSERT OR REPLACE INTO checkpoint (feed, epoch, scope, since, newest, page_link, sweep, reason) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(feed, checkpoint.epoch, checkpoint.scope, checkpoint.since, checkpoint.newest,
              checkpoint.pageLink, checkpoint.sweep, checkpoint.reason)
        .run();
    Query(connection, "UPDATE feed_summary SET last_sweep = max(last_sweep, ?)").bind(checkpoint.sweep).run();
}

std::int64_t nextSweep(Connection& connection)
{
    Query query(connection, "SELECT last_sweep + 1 FROM feed_summary");
    return query.step() ? query.integer(0) : 1;
}

std::optional<BulkExport> bulkExport(Connection& connection)
{
    std::optional<BulkExport> found;
    Query query(connection, "SELECT status_url, manifest, next_file FROM bulk_export");
    if (query.step())
        found = BulkExport{query.string(0), query.string(1), query.integer(2)};
    return found;
}

void setBulkExport(Connection& connection, const std::optional<BulkExport>& bulkExport)
{
    Query(connection, "DELETE FROM bulk_export").run();
    if (!bulkExport)
        return;
    Query(connection, "INSERT INTO bulk_export (pk, status_url, manifest, next_file) VALUES (1, ?, ?, ?)")
        .bind(bulkExport->statusUrl, Borrowed{bulkExport->manifest}, bulkExport->nextFile)
        .run();
}

std::string serverAccount(Connection& connection, const std::string& account)
{
    Query query(connection, "SELECT remote FROM server_account WHERE account = ?");
    return query.bind(account).step() ? query.string(0) : account;
}

std::string localAccount(Connection& connection, const std::string& remote)
{
    Query query(connection, "SELECT account FROM server_account WHERE remote = ? ORDER BY account LIMIT 1");
    return query.bind(remote).step() ? query.string(0) : remote;
}

void addExchange(Connection& connection, const Exchange& exchange)
{
    Query(connection,
          "INSERT INTO exchange (at, seconds, pulled, pushed, merged, conflicts, quarantined, outcome, "
          "note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(exchange.at, exchange.seconds, exchange.pulled, exchange.pushed, exchange.merged,
              exchange.conflicts, exchange.quarantined, exchange.outcome, exchange.note)
        .run();
    constexpr int kKept = 200;
    Query(connection, "DELETE FROM exchange WHERE pk <= (SELECT max(pk) FROM exchange) - ?")
        .bind(kKept)
        .run();
}

std::vector<Exchange> exchanges(Connection& connection)
{
    std::vector<Exchange> found;
    Query query(connection,
                "SELECT at, seconds, pulled, pushed, merged, conflicts, quarantined, outcome, note "
                "FROM exchange ORDER BY pk DESC");
    while (query.step()) {
        found.push_back({query.string(0), query.real(1), query.integer(2), query.integer(3), query.integer(4),
                         query.integer(5), query.integer(6), query.string(7), query.string(8)});
    }
    return found;
}

} // namespace yarrow::outbox
