// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/deletion_brake.h"
#include "sync/engine/sync_session.h"
#include "sync/protocol/feed_page.h"

#include <span>
#include <string>

namespace yarrow::sync {

/// What a read of one record said: there, deleted, or nothing of it.
struct RecordReading
{
    int status = 0; ///< HTTP's
    std::optional<ServerVersion> version;
    bool erased = false; ///< for good; `version` may be there as well
};

/// Takes what is new at the server: the feed of the whole clinic, in the order of its commits.
class Puller
{
public:
    explicit Puller(SyncSession& session)
        : m_session(session)
        , m_brake(session)
    {}

    /// To the end of the feed. A sweep that is under way is brought to its end.
    [[nodiscard]] Step<void> pull();

    /// Reads the records one by one whose feed entry could not be taken.
    [[nodiscard]] Step<void> refetch();

    /// False while it is not known yet what a restored server, or one that forgot deletions, still has.
    [[nodiscard]] bool mayPush() const;

private:
    enum class PageResult { More, End, Restarted };
    [[nodiscard]] Step<PageResult> pullPage();
    [[nodiscard]] Step<HttpResponse> requestPage();
    /// Everything as files, when there is much of it and nothing of it is here. False: the feed must do.
    [[nodiscard]] Step<bool> pullFiles();
    void beginSweep(std::string reason);
    /// In one transaction with the cursor behind them; how many of the first: fewer when a person waits.
    std::size_t take(std::span<FeedEntry> entries);
    void takeEntry(SyncWork& work, FeedEntry& entry);
    [[nodiscard]] Step<void> endSweep();
    [[nodiscard]] Step<void> settleUnmet(std::int64_t pk);
    [[nodiscard]] Step<void> settleLost(const SyncRecord& record,
                                        const std::optional<ServerVersion>& present);
    void takeReading(const std::string& type, const std::string& id, const RecordReading& reading);
    void compareSummary(const FeedPage& page);
    void saveCheckpoint();

    SyncSession& m_session;
    outbox::Checkpoint m_checkpoint;
    DeletionBrake m_brake;
};

} // namespace yarrow::sync
