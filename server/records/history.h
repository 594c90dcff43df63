// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/principal.h"
#include "server/db/connection.h"
#include "server/problem.h"
#include "server/records/digest.h"
#include "server/records/epoch.h"
#include "server/records/page_room.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace yarrow::server::records {

/// One version of a record as the caller may see it.
struct Version
{
    std::int64_t seq = 0;
    std::string type;
    std::string id;
    std::string method; ///< create | update | delete
    std::string versionId;
    std::string lastUpdated;
    std::string author;      ///< account id; empty: not known, or none of the caller's business
    std::string body;        ///< empty for a deletion, and when the record has left the caller's scope
    bool erased = false;     ///< with method `delete`: for good, and the versions before are gone
    bool outOfScope = false; ///< this version is outside the caller's areas, the one before was inside
};

/// The present version; deleted records too (method `delete`). Nothing when there never was one, or when it
/// is outside `areas`.
[[nodiscard]] std::optional<Version> readPresent(db::Transaction& work, const std::string& type,
                                                 const std::string& id, AreaSet areas);
/// That version of that record, of whatever epoch. Nothing when there is none, it is kept no more, or outside
/// `areas`.
[[nodiscard]] std::optional<Version> readVersion(db::Transaction& work, const std::string& type,
                                                 const std::string& id, const VersionId& version,
                                                 AreaSet areas);

struct HistoryQuery
{
    std::string type;                    ///< empty: of all types
    std::string id;                      ///< with type: of one record
    std::optional<std::int64_t> since{}; ///< microseconds since 1970: versions at or after it; none: all
    int count = 100;
    bool ascending = false;              ///< oldest first: the feed
    std::optional<std::int64_t> after{}; ///< goes on behind this sequence number
    std::int64_t begunFloor = 0;         ///< with `after`: HistoryPage::begunFloor of the page before
};

struct HistoryPage
{
    std::vector<Version> versions;
    std::optional<std::int64_t> next; ///< for HistoryQuery::after; none behind the last page
    std::int64_t begunFloor = 0;      ///< ClinicHead::floorSeq at the first page
    ClinicHead head;                  ///< of the same moment as the page
    Summary summary;                  ///< of what the caller may read, of the same moment
};

/// A page of versions within `areas`, and of those that left them, of about kMaxPageBytes at most. `work` is
/// REPEATABLE READ, so that page, head and summary belong together. With `since`, a history of everything or
/// of a type that reaches below the floor is refused with 410 `feed-floor`: deletions may be missing from it.
/// Without, it may begin anywhere, since who starts from nothing misses no deletion, and the present version
/// of every record is always kept; but when the floor has overtaken it since, the deletion of a record of an
/// earlier page may be missing, and it is refused as well.
[[nodiscard]] Result<HistoryPage> readHistory(db::Transaction& work, const HistoryQuery& query,
                                              AreaSet areas);

/// Begins a new epoch when `seen`, the newest versionId the caller knows, is of the present epoch and newer
/// than anything here: the server was restored from a backup without noticing. See beginEpochFor().
void noticeClientAhead(db::Connection& connection, const Principal& caller, std::string_view seen);

} // namespace yarrow::server::records
