// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/push_plan.h"
#include "sync/engine/sync_session.h"
#include "sync/engine/write_failures.h"
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
        , m_failures(session)
    {}

    /// Finds out what became of uploads without an answer, by sending the same again: the server answers an
    /// operation it knows with its first result. Without those it answered with an error of its own.
    [[nodiscard]] Step<void> settle();

    /// Everything that is ready. Whether something was sent.
    [[nodiscard]] Step<bool> push();

private:
    /// The uploads under way, in batches; units and rings by themselves.
    [[nodiscard]] Step<bool> sendAgain(bool failing);
    using Batch = std::vector<const PushItem*>;
    struct UnderWay
    {
        Batch items;
        SyncSession::Pending answer;
    };

    [[nodiscard]] Step<void> sendStage(const PushPlan& plan, const PushStage& stage);
    /// Notes what is about to be sent, whatever becomes of the answer. Takes out what is not to be sent any
    /// more; of a transaction, everything.
    void note(Batch& items, bool transaction);
    /// All or nothing, and waits for the answer.
    [[nodiscard]] Step<void> sendTogether(Batch items);
    /// Sends the batch, and takes the answers of the one before it while the server is at this one.
    [[nodiscard]] Step<void> sendAhead(Batch items);
    [[nodiscard]] Step<void> awaitUnderWay();
    [[nodiscard]] Step<void> sendBatch(const Batch& items, bool transaction);
    [[nodiscard]] HttpRequest requestOf(const Batch& items, bool transaction);
    [[nodiscard]] Step<void> takeResponse(const Batch& items, bool transaction, Step<HttpResponse> response);
    /// Nothing was done of it, because the server was restored.
    void takeRestored(const Batch& items, bool transaction);
    /// After a 5xx: the operations make it safe to send the halves again, until the one that fails is found.
    [[nodiscard]] Step<void> isolate(const Batch& items, bool transaction, const Stop& failure);
    [[nodiscard]] Step<void> halve(const Batch& items, const WriteAnswer& refusal);
    void takeAnswers(const Batch& items, const std::vector<WriteAnswer>& answers);
    void takeAnswer(SyncWork& work, const PushItem& item, const WriteAnswer& answer);
    void takeRefusal(SyncWork& work, const SyncRecord& record, const WriteAnswer& answer);
    /// 404 to an update: the server does not know any more that the record was deleted.
    void takeForgotten(SyncWork& work, const SyncRecord& record);
    void takeFailure(const Batch& items, const WriteAnswer& failure);
    /// Past what was just stored, when nobody else's version stands in between: it need not come back in the
    /// feed.
    void moveCursor(const std::vector<WriteAnswer>& answers);
    void quarantine(const SyncRecord& record, const WriteAnswer& answer);

    SyncSession& m_session;
    WriteFailures m_failures;
    bool m_triedFailing = false;
    bool m_isToBeAskedAgain = false; ///< the server was restored, and what it may have had is still under way
    std::optional<UnderWay> m_underWay;
    int m_failuresInARow = 0;        ///< 5xx without another answer in between
    std::optional<Stop> m_postponed; ///< an entry's 429 or 503: the rest goes on, and then the cycle ends
};

} // namespace yarrow::sync
