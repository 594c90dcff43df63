// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/history.h"

#include "server/records/area_array.h"
#include "server/records/instant.h"

namespace yarrow::server::records {
namespace {

#define YARROW_COLUMNS                                                                                       \
    "v.seq, v.type, v.id, v.method, v.epoch, " YARROW_INSTANT(                                               \
        "v.last_updated") ", v.erased_areas IS NOT NULL, coalesce(v.author, ''), "
// The columns that versionOf() reads, for a version outside the areas $2 without its body.
#define YARROW_VERSION_COLUMNS                                                                               \
    YARROW_COLUMNS                                                                                           \
    "CASE WHEN v.area = ANY ($2::text[]) OR v.erased_areas IS NOT NULL THEN coalesce(v.body, '') END"
// The same of a page in the order `direction`, without the bodies that have no room in it, and whether it
// has.
#define YARROW_HAS_ROOM(direction) YARROW_BYTES_BEFORE("v.seq " direction) " < $3::bigint"
#define YARROW_PAGE_COLUMNS(direction)                                                                       \
    YARROW_COLUMNS                                                                                           \
    "CASE WHEN (v.area = ANY ($2::text[]) OR v.erased_areas IS NOT NULL) AND " YARROW_HAS_ROOM(              \
        direction) " THEN coalesce(v.body, '') END, " YARROW_HAS_ROOM(direction)
// In scope, or just gone out of it; of what was erased, ever in it.
#define YARROW_VISIBLE                                                                                       \
    "(v.area = ANY ($2::text[]) OR v.previous_area = ANY ($2::text[]) OR v.erased_areas && $2::text[])"

Version versionOf(const pqxx::row& row)
{
    Version version;
    version.seq = row[0].as<std::int64_t>();
    version.type = row[1].c_str();
    version.id = row[2].c_str();
    version.method = row[3].c_str();
    version.versionId = versionIdOf(row[4].c_str(), version.seq);
    version.lastUpdated = row[5].c_str();
    version.erased = row[6].as<bool>();
    version.outOfScope = row[8].is_null();
    if (!version.outOfScope)
        version.body.assign(row[8].c_str(), row[8].size());
    // Whoever may read a version may know whose it is; who ordered an erasure is for the audit.
    if (!version.outOfScope && !version.erased)
        version.author = row[7].c_str();
    return version;
}

std::string pageColumns(const HistoryQuery& query)
{
    return query.ascending ? YARROW_PAGE_COLUMNS("ASC") : YARROW_PAGE_COLUMNS("DESC");
}

std::string pageOrder(const HistoryQuery& query)
{
    return query.ascending ? " ORDER BY v.seq ASC LIMIT " : " ORDER BY v.seq DESC LIMIT ";
}

std::optional<Version> oneOf(const pqxx::result& rows)
{
    std::optional<Version> version;
    if (!rows.empty())
        version = versionOf(rows[0]);
    return version;
}

/// The sequence number before the first version at or after an instant.
std::int64_t seqBefore(db::Transaction& work, std::int64_t since, const ClinicHead& head)
{
    const auto rows =
        work.run("SELECT seq FROM version WHERE tenant_id = $1 AND last_updated >= $2::timestamptz "
                 "ORDER BY last_updated LIMIT 1",
                 work.tenant(), instantOf(since));
    return rows.empty() ? head.seq : rows[0][0].as<std::int64_t>() - 1;
}

pqxx::result historyOfRecord(db::Transaction& work, const HistoryQuery& query, std::int64_t from,
                             std::int64_t to, const std::string& areas)
{
    // Along the chain of versions: a record has few, and an index of all of them by id would cost every
    // write.
    std::string sql =
        "WITH RECURSIVE chain (seq) AS ("
        "SELECT r.seq FROM resource r WHERE r.tenant_id = $1 AND r.type = $4 AND r.id = $5 "
        "UNION ALL SELECT v.previous_seq FROM chain c JOIN version v ON v.tenant_id = $1 AND v.seq = c.seq "
        "WHERE v.previous_seq IS NOT NULL) SELECT ";
    sql += pageColumns(query);
    sql += " FROM chain c JOIN version v ON v.tenant_id = $1 AND v.seq = c.seq "
           "WHERE v.seq > $6 AND v.seq < $7 AND " YARROW_VISIBLE;
    sql += pageOrder(query) + "$8";
    return work.run(sql, work.tenant(), areas, kMaxPageBytes, query.type, query.id, from, to,
                    query.count + 1);
}

pqxx::result historyOfType(db::Transaction& work, const HistoryQuery& query, std::int64_t from,
                           std::int64_t to, const std::string& areas)
{
    const std::string sql = "SELECT " + pageColumns(query) +
                            " FROM version v WHERE v.tenant_id = $1 AND v.type = $4 AND v.seq > $5 "
                            "AND v.seq < $6 AND " YARROW_VISIBLE +
                            pageOrder(query) + "$7";
    return work.run(sql, work.tenant(), areas, kMaxPageBytes, query.type, from, to, query.count + 1);
}

pqxx::result historyOfAll(db::Transaction& work, const HistoryQuery& query, std::int64_t from,
                          std::int64_t to, const std::string& areas)
{
    const std::string sql = "SELECT " + pageColumns(query) +
                            " FROM version v WHERE v.tenant_id = $1 AND v.seq > $4 AND v.seq < $5 "
                            "AND " YARROW_VISIBLE +
                            pageOrder(query) + "$6";
    return work.run(sql, work.tenant(), areas, kMaxPageBytes, from, to, query.count + 1);
}

/// Whether deletions may be missing from the page.
bool isBelowFloor(const HistoryQuery& query, const ClinicHead& head)
{
    if (!query.id.empty() || head.floorSeq == 0)
        return false;
    if (query.since && *query.since < head.floorTime)
        return true;
    const bool isOvertaken = query.after && *query.after < head.floorSeq;
    return isOvertaken && (query.since || (query.ascending && query.begunFloor < head.floorSeq));
}

} // namespace

std::optional<Version> readPresent(db::Transaction& work, const std::string& type, const std::string& id,
                                   AreaSet areas)
{
    return oneOf(
        work.run("SELECT " YARROW_VERSION_COLUMNS " FROM resource r "
                 "JOIN version v ON v.tenant_id = r.tenant_id AND v.seq = r.seq "
                 "WHERE r.tenant_id = $1 AND r.type = $3 AND r.id = $4 AND r.area = ANY ($2::text[])",
                 work.tenant(), areaArray(areas), type, id));
}

std::optional<Version> readVersion(db::Transaction& work, const std::string& type, const std::string& id,
                                   const VersionId& version, AreaSet areas)
{
    return oneOf(work.run("SELECT " YARROW_VERSION_COLUMNS
                          " FROM version v WHERE v.tenant_id = $1 AND v.seq = $3 AND v.epoch = $4 "
                          "AND v.type = $5 AND v.id = $6 AND v.area = ANY ($2::text[])",
                          work.tenant(), areaArray(areas), version.seq, version.epoch, type, id));
}

Result<HistoryPage> readHistory(db::Transaction& work, const HistoryQuery& query, AreaSet areas)
{
    HistoryPage page;
    page.head = readClinic(work);
    std::int64_t from = 0;
    std::int64_t to = page.head.seq + 1;
    if (query.since)
        from = seqBefore(work, *query.since, page.head);
    if (query.after)
        (query.ascending ? from : to) = *query.after;
    if (isBelowFloor(query, page.head))
        return refuse(410, "feed-floor",
                      "Deletions before " + instantOf(page.head.floorTime) +
                          " are kept no more: take an export and go on from its transactionTime.");

    const std::string visible = areaArray(areas);
    const pqxx::result rows = !query.id.empty()     ? historyOfRecord(work, query, from, to, visible)
                              : !query.type.empty() ? historyOfType(work, query, from, to, visible)
                                                    : historyOfAll(work, query, from, to, visible);
    page.begunFloor = query.after ? query.begunFloor : page.head.floorSeq;
    page.versions.reserve(rows.size());
    for (const auto& row : rows) {
        const bool hasRoom = row[9].as<bool>();
        if (page.versions.size() == static_cast<std::size_t>(query.count) || !hasRoom) {
            page.next = page.versions.back().seq;
            break;
        }
        page.versions.push_back(versionOf(row));
    }
    page.summary = readSummary(work, areas);
    return page;
}

void noticeClientAhead(db::Connection& connection, const Principal& caller, std::string_view seen)
{
    const auto version = parseVersionId(seen);
    if (!version)
        return;
    db::Transaction work(connection, caller.tenant);
    const auto isAhead = [&](const ClinicHead& head) {
        return version->epoch == head.epoch && version->seq > head.seq;
    };
    // Without the lock first: it is taken in the one case that matters, not at every poll.
    if (!isAhead(readClinic(work)))
        return;
    const ClinicHead head = lockClinic(work);
    if (isAhead(head) && beginEpochFor(work, head, caller))
        work.commit();
}

} // namespace yarrow::server::records
