// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/role.h"
#include "server/db/connection.h"
#include "server/fhir/search_query.h"
#include "server/problem.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace yarrow::server::records {

struct FoundId
{
    std::string id;
    std::int64_t seq = 0;
    std::string epoch;
};

/// The first `limit` records of `areas` that the query's conditions hold for, by id; its paging is not looked
/// at.
[[nodiscard]] std::vector<FoundId> findIds(db::Transaction& work, const fhir::SearchQuery& query,
                                           AreaSet areas, int limit);

/// An identifier with its system, as IndexValues holds it.
struct IdentifierSought
{
    std::string type;
    std::string value;
};
/// What the query seeks when it is one such identifier and nothing else.
[[nodiscard]] std::optional<IdentifierSought> identifierSoughtBy(const fhir::SearchQuery& query);
/// For each of them the first `limit` records of `areas`, by one statement.
[[nodiscard]] std::vector<std::vector<FoundId>> findByIdentifier(db::Transaction& work,
                                                                 const std::vector<IdentifierSought>& sought,
                                                                 AreaSet areas, std::size_t limit);

struct SearchPage
{
    struct Entry
    {
        std::string id;
        std::string body;
    };
    std::vector<Entry> entries;
    std::optional<std::int64_t> total; ///< when the query asks for it
    std::string nextPage;              ///< for SearchQuery::page; empty behind the last one
};

/// A page of at most query.count records and about kMaxPageBytes. 400 `bad-page` for a page that is none of
/// ours.
[[nodiscard]] Result<SearchPage> search(db::Transaction& work, const fhir::SearchQuery& query, AreaSet areas);

} // namespace yarrow::server::records
