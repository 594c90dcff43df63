// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/sync/id_map.h"
#include "sync/engine/sync_session.h"
#include "sync/protocol/feed_page.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::sync {

/// Whether a server gave this version itself. One that gives none has versions made up for it, by which
/// documents are told apart here and which it never gets to see; every deletion without a version has the
/// same.
[[nodiscard]] bool isOfServer(std::string_view version) noexcept;
/// The made-up version of a deletion.
inline constexpr std::string_view kGone = "~gone";

/// The entry under the id it has here. Nothing when it is no record that can be kept.
[[nodiscard]] std::optional<ServerVersion> versionFromWire(FeedEntry entry, IdMap& ids);

/// Whether what stands at the server under the record's id can only have come from this upload: no server was
/// known to have the record, and its id was drawn by this workstation. The id of a record that was imported
/// may be given to it at two workstations.
[[nodiscard]] bool isOnlyOurs(const SyncRecord& record, const Push& push);

/// What was sent, as a version, until the server's own is read: of an upload that was taken without a word
/// about what is stored now.
[[nodiscard]] std::optional<ServerVersion> versionAsSent(const std::string& type, const std::string& id,
                                                         const std::string& document);

/// What reading a record gave.
struct WireReading
{
    enum class Kind {
        Present,
        Deleted,   ///< 410
        Missing,   ///< 404: deleted, or none of ours any more
        Forbidden, ///< 403: says nothing about the record
    };
    Kind kind = Kind::Missing;
    ServerVersion version;
};
[[nodiscard]] Step<WireReading> readFromWire(SyncSession& session, const std::string& type,
                                             const std::string& id);

/// The versions of a record, newest first, under the ids they have here; empty when the server tells none.
[[nodiscard]] Step<std::vector<ServerVersion>> historyFromWire(SyncSession& session, const std::string& type,
                                                               const std::string& id);

/// An answer to a search or a history.
struct PageReading
{
    int status = 0; ///< HTTP's; only with 200 there is a page
    FeedPage page;
};
/// Stops at an answer that is no page.
[[nodiscard]] Step<PageReading> readPage(SyncSession& session, const std::string& url);

/// From now on the record is `remote` on the wire. A copy of it that came under that name goes. False, and
/// nothing is changed, when that is another record: it has another name here already, or people edited the
/// copy.
[[nodiscard]] bool adopt(SyncWork& work, IdMap& ids, Connection& connection, const std::string& type,
                         const std::string& local, const std::string& remote);
/// Adopts what this workstation has created itself without having seen the answer, by the mark it bears, and
/// a conflict that another one found: it has the same name everywhere.
void recognise(SyncWork& work, IdMap& ids, Connection& connection, const std::string& type,
               const std::string& remote, const Json& document);

/// The record was there: a comparison of ids that misses it from now on is the first one.
void noteSeen(SyncSession& session, SyncWork& work, std::int64_t pk);

/// Takes a version, merges it with what waits, or notes that the record must be read.
void takeVersion(SyncSession& session, SyncWork& work, const ServerVersion& version);

} // namespace yarrow::sync
