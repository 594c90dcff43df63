// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/deletion_brake.h"

#include "models/store/records/feed_summary.h"
#include "models/store/sync/outbox.h"
#include "sync/engine/tunables.h"

#include <algorithm>

namespace yarrow::sync {
namespace {

bool isMuch(std::int64_t removals, std::int64_t live) noexcept
{
    return removals > tunables::kBrakeRecords && removals * 100 > live * tunables::kBrakePercent;
}

} // namespace

std::int64_t DeletionBrake::removalsIn(const FeedPage& page)
{
    // What was created and deleted again behind the cursor takes nothing away from here.
    return std::count_if(page.entries.begin(), page.entries.end(), [&](const FeedEntry& entry) {
        return entry.kind != FeedEntry::Kind::Present && entry.kind != FeedEntry::Kind::Erased &&
               !outbox::isUnknown(m_session.connection, entry.type, entry.id);
    });
}

Step<void> DeletionBrake::beforePage(const FeedPage& page)
{
    if (m_isCounted || m_session.deletionsAllowed)
        return {};
    const std::int64_t removals = removalsIn(page);
    if (removals == 0)
        return {};
    m_removed += removals;
    if (m_removed <= tunables::kBrakeRecords && !m_session.deletionsAsked)
        return {};
    std::int64_t all = m_removed;
    for (std::optional<std::string> link = page.next; link;) {
        if (auto allowed = ask(all); !allowed)
            return allowed;
        HttpRequest request;
        request.url = *link;
        auto response = m_session.send(std::move(request));
        if (!response)
            return stop(response.error());
        const auto following =
            response->status == 200 ? parseFeedPage(response->body) : fail(ErrorCode::NotFound);
        if (!following) // the pull will come to it, and tell
            break;
        all += removalsIn(*following);
        link = following->next;
    }
    if (auto allowed = ask(all); !allowed)
        return allowed;
    m_isCounted = true;
    return {};
}

Step<void> DeletionBrake::beforeMore(std::int64_t more)
{
    m_removed += more;
    if (more == 0 || m_session.deletionsAllowed)
        return {};
    const std::int64_t live = FeedSummary::read(m_session.connection).live;
    // Once asked, each cycle would begin to count anew.
    if (isMuch(m_removed, live) || m_session.deletionsAsked)
        return stop(question(m_removed, live));
    return {};
}

Step<void> DeletionBrake::ask(std::int64_t all)
{
    const std::int64_t live = FeedSummary::read(m_session.connection).live;
    if (m_session.deletionsAllowed || !isMuch(all, live))
        return {};
    return stop(question(all, live));
}

Stop DeletionBrake::question(std::int64_t removals, std::int64_t live)
{
    m_session.deletionsAsked = true;
    return {Obstacle::AskDeletions, std::to_string(removals) + " of " + std::to_string(live), std::nullopt};
}

} // namespace yarrow::sync
