// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/push_order.h"
#include "sync/engine/sync_session.h"
#include "sync/protocol/write_bundle.h"

#include <optional>
#include <string>
#include <vector>

namespace yarrow::sync {

/// Sends what waits to yarrow-server: what is referred to first, each change by one author with its
/// operation, under the version it was made from.
class Pusher
{
public:
    explicit Pusher(SyncSession& session)
        : m_session(session)
    {}

    /// Finds out what became of uploads without an answer, by sending the same again: the server answers an
    /// operation it knows with its first result.
    [[nodiscard]] Step<void> settle();

    /// Everything that is ready. Whether something was sent.
    [[nodiscard]] Step<bool> push();

private:
    /// A record and the upload it is about to make, or has under way.
    struct Item
    {
        std::int64_t pk = 0;
        std::string type;
        std::string id;
        Push push;
    };
    [[nodiscard]] std::optional<Item> prepare(SyncWork& work, std::int64_t pk);
    [[nodiscard]] std::vector<std::vector<std::size_t>> dependenciesOf(std::vector<Item>& items);
    /// A new record that waits for one in quarantine waits with it.
    void removeBlocked(std::vector<Item>& items);

    [[nodiscard]] Step<void> sendStage(const std::vector<Item>& items, const PushStage& stage);
    [[nodiscard]] Step<void> sendBatch(const std::vector<const Item*>& items, bool transaction, bool isNew);
    [[nodiscard]] Step<void> halve(const std::vector<const Item*>& items, const WriteAnswer& refusal);
    void takeAnswers(const std::vector<const Item*>& items, const std::vector<WriteAnswer>& answers);
    void takeAnswer(SyncWork& work, const Item& item, const WriteAnswer& answer);
    void takeRefusal(SyncWork& work, const SyncRecord& record, const WriteAnswer& answer);
    void takeFailure(const std::vector<const Item*>& items, const WriteAnswer& failure);
    /// Past what was just stored, when nobody else's version stands in between: it need not come back in the
    /// feed.
    void moveCursor(const std::vector<WriteAnswer>& answers);
    void quarantine(const SyncRecord& record, const WriteAnswer& answer);

    SyncSession& m_session;
    std::optional<Stop> m_postponed; ///< an entry's 429 or 5xx: the rest goes on, and then the cycle ends
};

} // namespace yarrow::sync
