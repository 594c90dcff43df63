// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/audit/entry.h"
#include "server/db/connection.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server::audit {

/// An entry on its way into the table.
struct NewEntry
{
    const Entry& entry;
    bool isCopy = false; ///< another one had this number first, or the chain is another device's
};

/// One statement, however many.
void insertEntries(db::Transaction& work, std::string_view sender, const std::vector<NewEntry>& entries);

/// An entry in the table.
struct StoredEntry
{
    Entry entry;
    std::string receivedAt; ///< FHIR instant
    bool isCopy = false;
    bool isPurged = false; ///< number and hashes are all that is left
};

/// What readEntry() reads, of audit_entry.
extern const char* const kEntryColumns;
[[nodiscard]] StoredEntry readEntry(const pqxx::row& row);

/// The clinic's incarnations, the server's own included, by name.
[[nodiscard]] std::vector<std::string> allChains(db::Transaction& work);

struct ChainReport
{
    std::int64_t entries = 0;
    std::optional<std::int64_t> firstBroken; ///< number of the first entry that does not fit, or is missing
};
/// Walks the whole chain as it lies in the table and recomputes every hash.
[[nodiscard]] ChainReport verifyChain(db::Transaction& work, std::string_view incarnation);

} // namespace yarrow::server::audit
