// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::sync {

/// One version in a history.
struct FeedEntry
{
    enum class Kind {
        Present,
        Deleted,
        Erased,    ///< for good, at a patient's demand: yarrow-server says so
        LeftScope, ///< the record is none of this workstation's any more; it may still exist
    };
    Kind kind = Kind::Present;
    std::string type;
    std::string id;
    std::string version; ///< versionId; empty when the server gives none
    std::string lastUpdated;
    std::string author; ///< account id at the server; empty: it does not tell
    Json document;      ///< null unless Present
};

/// A page of a history or of search results.
struct FeedPage
{
    std::vector<FeedEntry> entries;  ///< in the server's order
    std::optional<std::string> next; ///< the address of the page behind it

    // What yarrow-server says of its feed; empty elsewhere.
    std::string epoch;
    std::string scope;
    std::string floor;
    std::optional<std::int64_t> count; ///< records in scope
    std::string digest;                ///< over them
};

/// Reads a Bundle of type history or searchset. InvalidResource (or InvalidJson) with what was wrong: then
/// nothing of the page may be used.
[[nodiscard]] Result<FeedPage> parseFeedPage(std::string_view body);

/// The versionId of an entity tag: W/"a.7" → a.7; empty when it is none.
[[nodiscard]] std::string versionOfETag(std::string_view etag);

/// What FHIR has no word for.
[[nodiscard]] std::string extensionUrl(std::string_view name);

} // namespace yarrow::sync
