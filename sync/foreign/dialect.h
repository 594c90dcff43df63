// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace yarrow::sync {

/// What a FHIR R4 server that is not ours offers, as far as the exchange needs it.
struct Dialect
{
    /// Where changes are read from, best first.
    enum class Feed {
        SystemHistory, ///< GET /_history?_since
        TypeHistory,   ///< GET /Type/_history?_since
        LastUpdated,   ///< GET /Type?_lastUpdated=ge…; never shows deletions
        Sweep,         ///< GET /Type, everything each time; never shows deletions
    };
    Feed feed = Feed::Sweep;
    std::vector<std::string> types;    ///< that it keeps and lets read, in order
    std::vector<std::string> writable; ///< of them those that may be created, changed and deleted
    bool readsHistory = false;         ///< GET /Type/id/_history
    bool takesOurIds = false;          ///< PUT of a new id creates
    bool honoursIfMatch = false;       ///< an update of an outdated version is refused
    bool createsOnce = false;          ///< POST with If-None-Exist
    std::vector<std::string> unread;   ///< of types: those that were refused when last asked for
    bool wasProbed = false;            ///< by test writes; otherwise this is what the server says of itself
    bool operator==(const Dialect&) const = default;

    /// Reads a CapabilityStatement. InvalidResource when it is none of R4, or the server lets nothing be
    /// read.
    [[nodiscard]] static Result<Dialect> of(const Json& capabilityStatement);
    [[nodiscard]] std::string toJson() const;
    [[nodiscard]] static Result<Dialect> fromJson(std::string_view text);

    [[nodiscard]] bool mayWrite(std::string_view type) const noexcept;
    /// Whether deletions come with the feed.
    [[nodiscard]] bool showsDeletions() const noexcept
    {
        return feed == Feed::SystemHistory || feed == Feed::TypeHistory;
    }
    /// What people must know of the exchange with such a server; sync/README.md says what each of the codes
    /// means. Empty: nothing.
    [[nodiscard]] std::vector<std::string> limits() const;
};

} // namespace yarrow::sync
