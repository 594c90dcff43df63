// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/deletion_brake.h"
#include "sync/foreign/dialect.h"
#include "sync/foreign/wire_records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace yarrow::sync {

/// Takes what is new at a FHIR server that is not ours, the best way it offers.
///
/// Histories are newest first, so the cursor advances only behind the last page, to the greatest lastUpdated
/// that came. Elsewhere the time is asked for with `ge` and an overlap, since servers stamp before they
/// commit; what is known already is passed over by its version. Where deletions are never shown, the ids are
/// compared from time to time: a record that is missing is read, 410 deletes it, 404 only when it was missing
/// twice with the same credentials, 403 never.
///
/// What is about one type or record keeps nothing else from being taken. A type that is refused is passed
/// over and named in the dialect; anything else is told when all is done.
class ForeignPuller
{
public:
    ForeignPuller(SyncSession& session, Dialect dialect)
        : m_session(session)
        , m_dialect(std::move(dialect))
        , m_brake(session)
    {}
    [[nodiscard]] Step<void> pull();
    /// Reads what pull() has noted; stops with what kept any of it from being read, pull() included.
    [[nodiscard]] Step<void> refetch();
    [[nodiscard]] static bool mayPush() noexcept { return true; }

private:
    [[nodiscard]] Step<void> pullFeeds();
    [[nodiscard]] Step<int> pullFeed(const std::string& feed); ///< HTTP's status; but 200 it is refused
    [[nodiscard]] std::string addressOf(const std::string& feed, const outbox::Checkpoint& checkpoint) const;
    [[nodiscard]] Step<void> take(FeedPage page, const std::string& feed, outbox::Checkpoint& checkpoint,
                                  std::string& newest);
    [[nodiscard]] Step<void> compareIds(const std::string& type);
    [[nodiscard]] Step<bool> meetAll(const std::string& type, std::int64_t sweep); ///< false: refused
    [[nodiscard]] Step<void> settleMissing(std::int64_t pk, bool missingTwice);
    [[nodiscard]] Step<void> refetchOne(const std::string& type, const std::string& id);
    void takeReading(SyncWork& work, const std::string& type, const std::string& id,
                     const WireReading& reading);
    /// Whether others may go on; then it is kept to be told at the end.
    [[nodiscard]] bool passesOver(const Stop& trouble);
    void keepUnread(std::vector<std::string> unread);

    SyncSession& m_session;
    Dialect m_dialect;
    DeletionBrake m_brake;
    std::optional<Stop> m_trouble;
};

} // namespace yarrow::sync
