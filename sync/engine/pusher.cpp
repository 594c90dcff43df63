// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/pusher.h"

#include "sync/engine/record_numbers.h"
#include "sync/engine/tunables.h"

#include <algorithm>
#include <map>
#include <span>

namespace yarrow::sync {
namespace {

const std::string kFeed; // of the whole clinic

WriteEntry entryOf(SyncSession& session, const std::string& type, const std::string& id, const Push& push)
{
    return {type,         id,      push.document,
            push.version, push.op, outbox::serverAccount(session.connection, push.author)};
}

bool isDone(const WriteAnswer& answer) noexcept
{
    return answer.status >= 200 && answer.status < 300;
}

/// The server has no such record and knows of no deletion of one; what is out of scope is refused with 403.
bool isForgotten(const SyncRecord& record, const WriteAnswer& answer) noexcept
{
    return answer.status == 404 && !record.push->version.empty();
}

/// Somebody else was there before.
bool isOutrun(int status) noexcept
{
    return status == 404 || status == 409 || status == 410 || status == 412;
}

} // namespace

Step<void> Pusher::settle()
{
    const auto sent = sendAgain(false);
    return sent ? Step<void>() : stop(sent.error());
}

Step<bool> Pusher::sendAgain(bool failing)
{
    std::map<std::string, std::vector<PushItem>> units;
    std::vector<PushItem> singles;
    {
        SyncRecords records = look(m_session);
        for (const std::int64_t pk : outbox::underWay(m_session.connection)) {
            const auto record = records.find(pk);
            PushItem item{pk, record->type, record->id, *record->push};
            (item.push.unit.empty() ? singles : units[item.push.unit]).push_back(std::move(item));
        }
    }
    std::erase_if(singles, [&](const PushItem& item) { return m_failures.isKnown(item.pk) != failing; });
    std::erase_if(units, [&](const auto& unit) {
        return std::any_of(unit.second.begin(), unit.second.end(),
                           [&](const PushItem& item) { return m_failures.isKnown(item.pk); }) != failing;
    });
    if (failing) { // so many in a row: in the next cycle it is the others' turn
        m_failuresInARow = 0;
        std::stable_sort(singles.begin(), singles.end(), [&](const PushItem& a, const PushItem& b) {
            return m_failures.turnOf(a.pk) < m_failures.turnOf(b.pk);
        });
    }
    const std::size_t most = failing ? 1 : tunables::kBatchEntries;
    const auto isEnough = [&] { return failing && m_failuresInARow == tunables::kFailuresInARow; };
    std::vector<const PushItem*> batch;
    for (std::size_t i = 0; i < singles.size() && !isEnough(); ++i) {
        batch.push_back(&singles[i]);
        if (batch.size() == most || i + 1 == singles.size()) {
            if (auto sent = sendBatch(batch, false); !sent)
                return stop(sent.error());
            batch.clear();
        }
    }
    for (const auto& [unit, items] : units) {
        std::vector<const PushItem*> together;
        for (const PushItem& item : items)
            together.push_back(&item);
        if (isEnough())
            break;
        if (auto sent = sendBatch(together, true); !sent)
            return stop(sent.error());
    }
    return !singles.empty() || !units.empty();
}

Step<bool> Pusher::push()
{
    bool sent = false;
    if (std::exchange(m_isToBeAskedAgain, false)) {
        const auto again = sendAgain(false);
        if (!again)
            return stop(again.error());
        sent = *again;
    }
    const std::vector<std::int64_t> ready = outbox::ready(m_session.connection);
    std::span<const std::int64_t> rest(ready);
    while (!rest.empty()) {
        const PushPlan plan = planPushes(m_session, rest.first(std::min(rest.size(), tunables::kPushWindow)));
        rest = rest.subspan(std::min(rest.size(), tunables::kPushWindow));
        sent = sent || !plan.items.empty();
        for (const PushStage& stage : plan.stages) {
            if (auto done = sendStage(plan, stage); !done)
                return stop(done.error());
        }
    }
    if (!std::exchange(m_triedFailing, true)) {
        const auto again = sendAgain(true);
        if (!again)
            return stop(again.error());
        sent = sent || *again;
    }
    if (m_postponed)
        return stop(*m_postponed);
    if (!sent && m_failures.news())
        return stop(*m_failures.news());
    return sent;
}

Step<void> Pusher::sendStage(const PushPlan& plan, const PushStage& stage)
{
    const std::vector<PushItem>& items = plan.items;
    Batch batch;
    std::size_t bytes = 0;
    const auto flush = [&]() -> Step<void> {
        bytes = 0;
        return batch.empty() ? Step<void>() : sendAhead(std::exchange(batch, {}));
    };
    for (const PushGroup& group : stage) {
        if (!isReady(m_session, plan, group))
            continue;
        if (group.size() > 1) {
            Batch together;
            for (const std::size_t index : group)
                together.push_back(&items[index]);
            if (auto done = awaitUnderWay(); !done)
                return done;
            if (auto sent = sendTogether(std::move(together)); !sent)
                return sent;
            continue;
        }
        const PushItem& item = items[group.front()];
        const std::size_t size = item.push.document ? item.push.document->size() : 0;
        if (batch.size() == tunables::kBatchEntries ||
            (!batch.empty() && bytes + size > tunables::kBatchBytes)) {
            if (auto sent = flush(); !sent)
                return sent;
        }
        batch.push_back(&item);
        bytes += size;
    }
    if (auto sent = flush(); !sent)
        return sent;
    return awaitUnderWay(); // what comes next may depend on it
}

void Pusher::note(Batch& items, bool transaction)
{
    SyncWork work(m_session);
    const std::size_t wanted = items.size();
    std::erase_if(items, [&](const PushItem* item) { return !isStillWanted(work, *item); });
    if (transaction && items.size() != wanted)
        items.clear();
    for (const PushItem* item : items) {
        Push push = item->push;
        if (transaction && push.unit.empty())
            push.unit = items.front()->push.op; // a ring is settled together
        work.records().beginPush(item->pk, push);
    }
    work.commit();
    m_session.connection.makeDurable(); // before a byte goes out
}

Step<void> Pusher::sendTogether(Batch items)
{
    note(items, true);
    return items.empty() ? Step<void>() : sendBatch(items, true);
}

Step<void> Pusher::sendAhead(Batch items)
{
    note(items, false);
    if (items.empty())
        return {};
    HttpRequest request = requestOf(items, false);
    if (!m_underWay) {
        m_underWay = UnderWay{std::move(items), m_session.begin(std::move(request))};
        return {};
    }
    UnderWay before = std::move(*std::exchange(m_underWay, std::nullopt));
    auto response = m_session.finish(std::move(before.answer));
    if (!response || response->status != 200) { // what follows from it may take requests of its own
        if (auto taken = takeResponse(before.items, false, std::move(response)); !taken) {
            SyncWork work(m_session);
            for (const PushItem* item : items)
                work.records().endPush(item->pk); // nothing of it was sent
            work.commit();
            return taken;
        }
        m_underWay = UnderWay{std::move(items), m_session.begin(std::move(request))};
        return {};
    }
    m_underWay = UnderWay{std::move(items), m_session.begin(std::move(request))};
    auto taken = takeResponse(before.items, false, std::move(response));
    if (!taken) // nothing is left under way when this ends; and what was sent has an answer worth taking
        static_cast<void>(awaitUnderWay());
    return taken;
}

Step<void> Pusher::awaitUnderWay()
{
    if (!m_underWay)
        return {};
    UnderWay last = std::move(*std::exchange(m_underWay, std::nullopt));
    return takeResponse(last.items, false, m_session.finish(std::move(last.answer)));
}

Step<void> Pusher::sendBatch(const Batch& items, bool transaction)
{
    return takeResponse(items, transaction, m_session.send(requestOf(items, transaction), transaction));
}

HttpRequest Pusher::requestOf(const Batch& items, bool transaction)
{
    std::vector<WriteEntry> entries;
    entries.reserve(items.size());
    for (const PushItem* item : items)
        entries.push_back(entryOf(m_session, item->type, item->id, item->push));
    HttpRequest request;
    request.method = Method::Post;
    request.headers.add("Content-Type", "application/fhir+json");
    request.headers.add("Prefer", "return=representation");
    const outbox::Checkpoint checkpoint = outbox::checkpoint(m_session.connection, kFeed);
    if (!checkpoint.epoch.empty())
        request.headers.add("Yarrow-Epoch", checkpoint.epoch);
    if (!checkpoint.newest.empty())
        request.headers.add("Yarrow-Seen", checkpoint.newest);
    request.body = writeBundle(entries, transaction);
    return request;
}

Step<void> Pusher::takeResponse(const Batch& items, bool transaction, Step<HttpResponse> response)
{
    if (!response && response.error().obstacle == Obstacle::ServerError &&
        ++m_failuresInARow <= tunables::kFailuresInARow)
        return isolate(items, transaction, response.error());
    if (!response)
        return stop(response.error());
    m_failuresInARow = 0;

    if (response->status == 200) {
        const auto answers = parseWriteAnswers(response->body, items.size());
        if (!answers)
            return stop(Obstacle::Refused, "the answer to a Bundle: " + answers.error().context);
        if (std::any_of(answers->begin(), answers->end(), [](const auto& one) { return one.status < 500; }))
            m_failures.noteAnswer();
        takeAnswers(items, *answers);
        return {};
    }
    const WriteAnswer refusal = answerOf(*response);
    if (refusal.code == "epoch-changed") { // nothing was done; the next pull compares
        takeRestored(items, transaction);
        return {};
    }
    if (transaction) {
        if (refusal.status == 403 && !culpritOf(refusal)) // it is about the workstation, not about an entry
            return stop(Obstacle::Unauthorised, refusal.code);
        takeFailure(items, refusal);
        return {};
    }
    return halve(items, refusal);
}

void Pusher::takeRestored(const Batch& items, bool transaction)
{
    SyncWork work(m_session);
    for (const PushItem* item : items) {
        const auto record = work.records().find(item->pk);
        if (!record || !record->push || record->push->op != item->push.op)
            continue;
        // A try before this one may have made the record at the server as it was, and others may have it: it
        // stays one that was sent, so that a deletion behind it is sent as well.
        if (!item->push.document || !item->push.version.empty())
            work.records().endPush(item->pk);
        else if (transaction) // what goes with it may be made from other versions by then: not the same again
            work.records().offerUnanswered(*record);
        else
            m_isToBeAskedAgain = true;
    }
    work.commit();
}

Step<void> Pusher::isolate(const Batch& items, bool transaction, const Stop& failure)
{
    if (items.size() == 1 || transaction) { // stays under way: what became of it is asked in the next cycle
        SyncWork work(m_session);
        std::vector<std::int64_t> records;
        for (const PushItem* item : items) {
            const auto record = work.records().find(item->pk);
            if (record && record->push && record->push->op == item->push.op)
                records.push_back(item->pk);
        }
        m_failures.note(work, records, failure);
        work.commit();
        return {};
    }
    return halve(items, {});
}

Step<void> Pusher::halve(const Batch& items, const WriteAnswer& refusal)
{
    if (items.size() == 1) {
        takeAnswers(items, {refusal});
        return {};
    }
    const auto middle = items.begin() + static_cast<std::ptrdiff_t>(items.size() / 2);
    if (auto sent = sendBatch({items.begin(), middle}, false); !sent)
        return sent;
    return sendBatch({middle, items.end()}, false);
}

void Pusher::takeAnswers(const Batch& items, const std::vector<WriteAnswer>& answers)
{
    std::size_t taken = 0;
    while (taken < items.size()) {
        SyncWork work(m_session);
        do {
            takeAnswer(work, *items[taken], answers[taken]);
            ++taken;
        } while (taken < items.size() && takesMore(taken, tunables::kAnswersAtOnce));
        if (taken == items.size())
            moveCursor(answers);
        work.commit();
    }
}

void Pusher::takeAnswer(SyncWork& work, const PushItem& item, const WriteAnswer& answer)
{
    const auto record = work.records().find(item.pk);
    if (!record || !record->push || record->push->op != item.push.op)
        return;
    if (!isDone(answer)) {
        takeRefusal(work, *record, answer);
        return;
    }
    ServerVersion version{record->type, record->id, answer.version, answer.lastUpdated, {}};
    version.author = outbox::serverAccount(m_session.connection, record->push->author);
    if (item.push.document) {
        const auto json = Json::parse(answer.document.value_or(std::string()));
        if (json && work.reconciler().acknowledgeAsSent(*record, version, *json)) {
            ++m_session.report.pushed;
            return;
        }
        auto stored = json ? PreparedRecord::ofServer(*json) : fail(json.error());
        if (!stored || stored->type != record->type || stored->id != record->id || version.version.empty()) {
            // It was stored, but as what can only be told by reading it.
            work.records().endPush(record->pk);
            outbox::refetch(m_session.connection, record->type, record->id);
            return;
        }
        version.record = std::move(*stored);
    }
    count(m_session.report, work.reconciler().acknowledge(*record, version));
    ++m_session.report.pushed;
}

void Pusher::takeRefusal(SyncWork& work, const SyncRecord& record, const WriteAnswer& answer)
{
    if (answer.code == "slot-taken" && record.push->document) {
        count(m_session.report, work.reconciler().bookingTaken(record));
        return;
    }
    if (answer.status == 429 || answer.status == 503) {
        work.records().endPush(record.pk);
        m_postponed = Stop{Obstacle::Busy, answer.code, {}};
        return;
    }
    if (answer.status >= 500) { // what became of it is asked in the next cycle
        m_failures.note(work, {record.pk}, serverError(answer));
        return;
    }
    if (answer.status == 410 && answer.code == kErased) {
        eraseRecord(m_session, work, {record.type, record.id, {}, {}, {}});
        return;
    }
    if (isForgotten(record, answer)) {
        takeForgotten(work, record);
        return;
    }
    if (answer.status == 403 && answer.code == kOutsideScope && record.isOfferedAgain()) {
        // It was not lost: it has left the scope. What was here the server had acknowledged.
        work.records().rebase(record, {record.type, record.id, {}, {}, {}}, {}, false);
        work.records().drop(*work.records().find(record.pk));
        return;
    }
    work.records().endPush(record.pk);
    if (answer.status == 424)
        return; // another entry's failure: it waits
    if (answer.code == kNumberTaken && record.push->document && drawAnotherNumber(m_session, work, record))
        return; // goes out with the next round
    const bool isOurFault = answer.code == "operation-reused" || answer.code == kNumberTaken;
    if (isOutrun(answer.status) && !isOurFault)
        outbox::refetch(m_session.connection, record.type, record.id);
    else
        quarantine(record, answer);
}

void Pusher::takeForgotten(SyncWork& work, const SyncRecord& record)
{
    count(m_session.report, work.reconciler().merge(record, {record.type, record.id, {}, {}, {}}));
}

void Pusher::quarantine(const SyncRecord& record, const WriteAnswer& answer)
{
    outbox::quarantine(m_session.connection, record.pk, record.push->upTo,
                       {answer.status, answer.code, answer.outcome}, formatInstant(m_session.clock.now()));
    ++m_session.report.quarantined;
}

void Pusher::takeFailure(const Batch& items, const WriteAnswer& failure)
{
    const auto culprit = culpritOf(failure);
    SyncWork work(m_session);
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto record = work.records().find(items[i]->pk);
        if (!record || !record->push)
            continue;
        const std::string& unit = items[i]->push.unit;
        const bool isOfUnit = !unit.empty() && !record->edits.empty() && record->edits.front().unit == unit;
        if (isForgotten(*record, failure)) { // one of them; the others are as they were
            if (culprit && *culprit == i) {
                takeForgotten(work, *record);
            } else {
                work.records().endPush(record->pk);
                outbox::refetch(m_session.connection, record->type, record->id);
            }
        } else if (isOfUnit && isOutrun(failure.status) && work.reconciler().isSettlement(unit)) {
            // Whether it came late, or only something else of the record changed, the merge tells.
            work.records().endPush(record->pk);
            outbox::refetch(m_session.connection, record->type, record->id);
            if (failure.status == 409 && i + 1 == items.size())
                work.reconciler().dropUnit(unit); // the time it wanted is taken: the conflict is open again
        } else if (!isOfUnit && culprit && *culprit != i) {
            work.records().endPush(record->pk); // waits with the one that was refused
        } else {
            takeRefusal(work, *record, failure);
        }
    }
    work.commit();
}

void Pusher::moveCursor(const std::vector<WriteAnswer>& answers)
{
    outbox::Checkpoint checkpoint = outbox::checkpoint(m_session.connection, kFeed);
    if (checkpoint.sweep != 0 || checkpoint.epoch.empty())
        return;
    std::vector<const WriteAnswer*> done;
    for (const WriteAnswer& answer : answers) {
        if (isDone(answer) && epochOf(answer.version) == checkpoint.epoch)
            done.push_back(&answer);
    }
    std::sort(done.begin(), done.end(), [](const WriteAnswer* a, const WriteAnswer* b) {
        return sequenceOf(a->version) < sequenceOf(b->version);
    });
    // Only when nobody else's version stands between what is known and what was just made.
    std::int64_t next = sequenceOf(checkpoint.newest) + 1;
    for (const WriteAnswer* answer : done) {
        if (sequenceOf(answer->version) != next++)
            return;
    }
    if (done.empty() || done.back()->lastUpdated.empty())
        return;
    checkpoint.since = done.back()->lastUpdated;
    checkpoint.newest = done.back()->version;
    outbox::setCheckpoint(m_session.connection, kFeed, checkpoint);
}

} // namespace yarrow::sync
