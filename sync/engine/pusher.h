// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/push_plan.h"
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
    [[nodiscard]] Step<void> sendStage(const PushPlan& plan, const PushStage& stage);
    [[nodiscard]] Step<void> sendNew(std::vector<const PushItem*> items, bool transaction);
    [[nodiscard]] Step<void> sendBatch(const std::vector<const PushItem*>& items, bool transaction);
    /// After a 5xx: the operations make it safe to send the halves again, until the one that fails is found.
    [[nodiscard]] Step<void> isolate(const std::vector<const PushItem*>& items, bool transaction,
                                     const Stop& failure);
    [[nodiscard]] Step<void> halve(const std::vector<const PushItem*>& items, const WriteAnswer& refusal);
    void takeAnswers(const std::vector<const PushItem*>& items, const std::vector<WriteAnswer>& answers);
    void takeAnswer(SyncWork& work, const PushItem& item, const WriteAnswer& answer);
    void takeRefusal(SyncWork& work, const SyncRecord& record, const WriteAnswer& answer);
    void takeFailure(const std::vector<const PushItem*>& items, const WriteAnswer& failure);
    /// Past what was just stored, when nobody else's version stands in between: it need not come back in the
    /// feed.
    void moveCursor(const std::vector<WriteAnswer>& answers);
    void quarantine(const SyncRecord& record, const WriteAnswer& answer);

    SyncSession& m_session;
    int m_failuresInARow = 0;        ///< 5xx without another answer in between
    std::optional<Stop> m_postponed; ///< an entry's 429 or 5xx: the rest goes on, and then the cycle ends
};

} // namespace yarrow::sync
