// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/sync_session.h"
#include "sync/protocol/feed_page.h"

#include <cstdint>

namespace yarrow::sync {

/// Of one pull: a person is asked before many records are taken away. Without an answer none is, in later
/// cycles either.
class DeletionBrake
{
public:
    explicit DeletionBrake(SyncSession& session)
        : m_session(session)
    {}

    /// Before a page of yarrow-server's feed is taken. With one that takes away more than a few, all that
    /// come behind it are read first. AskDeletions.
    [[nodiscard]] Step<void> beforePage(const FeedPage& page);
    /// Before `more` records are taken away, beside those of earlier calls. AskDeletions.
    [[nodiscard]] Step<void> beforeMore(std::int64_t more);
    /// AskDeletions when `all` records that a pull takes away are too many.
    [[nodiscard]] Step<void> ask(std::int64_t all);

private:
    [[nodiscard]] std::int64_t removalsIn(const FeedPage& page);
    [[nodiscard]] Stop question(std::int64_t removals, std::int64_t live);

    SyncSession& m_session;
    std::int64_t m_removed = 0; ///< records taken away by this pull
    bool m_isCounted = false;   ///< what this pull takes away is known, and not too much
};

} // namespace yarrow::sync
