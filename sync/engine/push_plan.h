// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/push_order.h"
#include "sync/engine/sync_session.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::sync {

/// A record and the upload it is about to make, or has under way.
struct PushItem
{
    std::int64_t pk = 0;
    std::string type;
    std::string id;
    Push push;
};

struct PushPlan
{
    std::vector<PushItem> items;
    std::vector<PushStage> stages; ///< of indexes of items
    std::vector<std::vector<std::size_t>>
        dependencies; ///< of each item: the items to be at the server before it
};

/// Whether the server keeps records of this type at all; empty: of all types.
using KeepsType = std::function<bool(std::string_view type)>;

/// What of the records (resource.pk) can be sent now, and in which order. Records that were made and deleted
/// again before any server knew of them are forgotten on the way. A unit does not wait for what the server
/// would never keep.
[[nodiscard]] PushPlan planPushes(SyncSession& session, std::span<const std::int64_t> records,
                                  const KeepsType& keepsType = {});

/// Whether what the group needs is at the server. What was planned before it may have been refused.
[[nodiscard]] bool isReady(SyncSession& session, const PushPlan& plan, const PushGroup& group);

/// Whether nothing has happened to the record since it was planned that makes the upload another one.
[[nodiscard]] bool isStillWanted(SyncWork& work, const PushItem& item);

} // namespace yarrow::sync
