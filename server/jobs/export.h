// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/role.h"
#include "server/db/connection.h"
#include "server/jobs/kind.h"
#include "server/jobs/queue.h"
#include "server/problem.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// Bulk Data exports (FHIR Bulk Data Access IG, version 2). A job reads one snapshot of the clinic and leaves
// the records as gzip files of NDJSON in the database, where every server process finds them. They are gone
// after a day.
namespace yarrow::server::jobs {

inline constexpr int kExportsAtOnce = 2; ///< of a clinic

struct ExportRequest
{
    std::string owner;                ///< who asks, and may fetch: "device/…" or "account/…"
    std::string url;                  ///< it was asked for with
    std::set<std::string> types;      ///< empty: all
    std::optional<std::string> since; ///< an instant; only what changed after it, and deletions
    AreaSet areas;                    ///< what the owner may read
};

struct Export
{
    struct File
    {
        int n = 0;
        bool deletions = false; ///< bundles of deletions instead of records
        std::string type;
        int records = 0;
    };

    std::string id;
    JobStatus job;
    ExportRequest request;
    std::string transactionTime; ///< everything up to it is in the files, nothing later; empty until done
    std::string epoch;
    std::int64_t expires = 0; ///< seconds since 1970
    std::vector<File> files;  ///< when done
    bool lost = false;        ///< PostgreSQL crashed and the files with it
};

/// The new export's id. 429 `too-many-exports`; 400 `bad-parameter` when `since` is no instant; 410
/// `feed-floor` when the clinic has forgotten deletions since then.
[[nodiscard]] Result<std::string> startExport(db::Transaction& transaction, const ExportRequest& request);
/// Nothing when there is none of this owner, or it has expired.
[[nodiscard]] std::optional<Export> findExport(db::Transaction& transaction, std::string_view id,
                                               std::string_view owner);
/// gzip. Nothing when there is no such file.
[[nodiscard]] std::optional<std::string> readExportFile(db::Transaction& transaction, const Export& found,
                                                        int n);
/// Ends it if it runs and deletes its files.
void removeExport(db::Transaction& transaction, const Export& found);

[[nodiscard]] Kind exportKind();

} // namespace yarrow::server::jobs
