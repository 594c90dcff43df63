// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/audit/entry_rows.h"
#include "server/problem.h"

#include <string>
#include <vector>

namespace yarrow::server::audit {

/// Empty texts do not narrow anything.
struct EntryFilter
{
    std::string since; ///< FHIR instant, or the beginning of one, by the writer's clock
    std::string account;
    std::string patient;
    std::string incarnation;
    std::string cursor; ///< EntryPage::next of the page before
    std::int64_t count = 100;
};

struct EntryPage
{
    std::vector<StoredEntry> entries; ///< by time
    std::string next;                 ///< opaque; empty on the last page
};

/// 400 `bad-parameter` for a cursor that is none.
[[nodiscard]] Result<EntryPage> searchEntries(db::Transaction& work, const EntryFilter& filter);

} // namespace yarrow::server::audit
