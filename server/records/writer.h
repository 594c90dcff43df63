// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/principal.h"
#include "server/db/connection.h"
#include "server/fhir/bundle.h"
#include "server/problem.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server::records {

/// What became of one entry.
struct WriteResult
{
    std::optional<Problem> problem; ///< nothing was changed by this entry
    int status = 0;                 ///< 200, 201, 204; of a known operation the first one
    std::string type;
    std::string id;
    std::string versionId;
    std::string lastUpdated; ///< FHIR instant with microseconds
    /// The document as stored. Empty for a deletion, and in a bundle whose answer would become too large.
    std::string body;
};

/// What other processes and workstations are told after the commit.
struct ChangeNotice
{
    TenantId tenant;
    std::int64_t seq = 0;
    std::set<std::string> types;
    AreaSet areas; ///< of what changed, before and after
};

struct WriteOutcome
{
    std::vector<WriteResult> results; ///< one per entry, in their order
    ChangeNotice notice;              ///< types is empty when nothing changed
    std::string epoch;                ///< of the server
};

/// Writes entries as `caller`, in one transaction under the clinic's lock, with a number of statements that
/// does not grow with the entries. A batch commits what is right and answers the rest entry by entry; a
/// transaction that has one problem changes nothing, and its other entries say `transaction-failed` (424).
/// `epoch` is what the caller believes the server's epoch to be, empty for no belief; another one refuses
/// everything with 412 `epoch-changed`. `whole` failures (suspended clinic, wrong epoch) are the Result's.
[[nodiscard]] Result<WriteOutcome> write(db::Connection& connection, const Principal& caller,
                                         std::vector<fhir::WriteEntry> entries, bool transaction,
                                         std::string_view epoch);

} // namespace yarrow::server::records
