// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/sync/id_map.h"
#include "sync/engine/sync_session.h"
#include "sync/protocol/feed_page.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::sync {

/// The entry under the id it has here. Nothing when it is no record that can be kept.
[[nodiscard]] std::optional<ServerVersion> versionFromWire(FeedEntry entry, IdMap& ids);

/// What reading a record gave.
struct WireReading
{
    enum class Kind { Present, Deleted, Missing };
    Kind kind = Kind::Missing;
    ServerVersion version;
};
[[nodiscard]] Step<WireReading> readFromWire(SyncSession& session, const std::string& type,
                                             const std::string& id);

/// The versions of a record, newest first, under the ids they have here; empty when the server tells none.
[[nodiscard]] Step<std::vector<ServerVersion>> historyFromWire(SyncSession& session, const std::string& type,
                                                               const std::string& id);

/// GETs a page; an answer that is no page is a Stop.
[[nodiscard]] Step<FeedPage> readPage(SyncSession& session, const std::string& url);

/// Takes a version, merges it with what waits, or notes that the record must be read.
void takeVersion(SyncSession& session, SyncWork& work, const ServerVersion& version, std::int64_t sweep);

} // namespace yarrow::sync
