// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/pusher.h"

#include "models/fhir/references.h"
#include "sync/engine/tunables.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <span>

namespace yarrow::sync {
namespace {

const std::string kFeed; // of the whole clinic

using RecordName = std::pair<std::string, std::string>;

WriteEntry entryOf(SyncSession& session, const std::string& type, const std::string& id, const Push& push)
{
    return {type,         id,      push.document,
            push.version, push.op, outbox::serverAccount(session.connection, push.author)};
}

/// The entry that a failed transaction is about.
std::optional<std::size_t> culpritOf(const WriteAnswer& failure)
{
    constexpr std::string_view kPlace = "Bundle.entry[";
    const auto outcome = Json::parse(failure.outcome);
    if (!outcome)
        return std::nullopt;
    std::string_view expression = (*outcome)["issue"][0]["expression"][0].string();
    if (!expression.starts_with(kPlace))
        return std::nullopt;
    expression.remove_prefix(kPlace.size());
    std::size_t index = 0;
    if (std::from_chars(expression.data(), expression.data() + expression.size(), index).ec != std::errc())
        return std::nullopt;
    return index;
}

bool isDone(const WriteAnswer& answer) noexcept
{
    return answer.status >= 200 && answer.status < 300;
}

/// Somebody else was there before.
bool isOutrun(int status) noexcept
{
    return status == 404 || status == 409 || status == 410 || status == 412;
}

} // namespace

Step<void> Pusher::settle()
{
    std::map<std::string, std::vector<Item>> units;
    std::vector<Item> singles;
    {
        SyncWork work(m_session);
        for (const std::int64_t pk : outbox::underWay(m_session.connection)) {
            const auto record = work.records().find(pk);
            Item item{pk, record->type, record->id, *record->push};
            (item.push.unit.empty() ? singles : units[item.push.unit]).push_back(std::move(item));
        }
    }
    std::vector<const Item*> batch;
    for (std::size_t i = 0; i < singles.size(); ++i) {
        batch.push_back(&singles[i]);
        if (batch.size() == tunables::kBatchEntries || i + 1 == singles.size()) {
            if (auto sent = sendBatch(batch, false, false); !sent)
                return sent;
            batch.clear();
        }
    }
    for (const auto& [unit, items] : units) {
        std::vector<const Item*> together;
        for (const Item& item : items)
            together.push_back(&item);
        if (auto sent = sendBatch(together, true, false); !sent)
            return sent;
    }
    if (m_postponed)
        return stop(*m_postponed);
    return {};
}

Step<bool> Pusher::push()
{
    bool sent = false;
    const std::vector<std::int64_t> ready = outbox::ready(m_session.connection);
    std::span<const std::int64_t> rest(ready);
    while (!rest.empty()) {
        const auto window = rest.first(std::min(rest.size(), tunables::kPushWindow));
        rest = rest.subspan(window.size());
        std::vector<Item> items;
        {
            SyncWork work(m_session);
            for (const std::int64_t pk : window) {
                if (auto item = prepare(work, pk))
                    items.push_back(std::move(*item));
            }
            work.commit();
        }
        removeBlocked(items);
        sent = sent || !items.empty();
        for (const PushStage& stage : pushOrder(dependenciesOf(items))) {
            if (auto done = sendStage(items, stage); !done)
                return stop(done.error());
        }
    }
    if (m_postponed)
        return stop(*m_postponed);
    return sent;
}

std::optional<Pusher::Item> Pusher::prepare(SyncWork& work, std::int64_t pk)
{
    const auto record = work.records().find(pk);
    if (!record || record->edits.empty() || record->push)
        return std::nullopt;
    std::vector<WaitingEdit> runs = runsOf(record->edits);
    if (record->version.empty()) {
        // What no server ever had need not be deleted there.
        while (!runs.empty() && !runs.front().document)
            runs.erase(runs.begin());
        if (runs.empty() || !record->body) {
            work.records().forget(*record);
            return std::nullopt;
        }
    }
    const WaitingEdit& run = runs.front();
    Item item{pk, record->type, record->id, {}};
    item.push.upTo = run.seq;
    item.push.author = run.author;
    item.push.unit = run.unit;
    item.push.document = run.document;
    item.push.version = record->version;
    item.push.at = formatInstant(m_session.clock.now());
    item.push.op =
        uuidOf({"operation", m_session.clinic.incarnation, item.type, item.id, std::to_string(run.seq),
                run.author, run.at, record->version, run.document.value_or(std::string())});
    return item;
}

void Pusher::removeBlocked(std::vector<Item>& items)
{
    bool removed = true;
    while (removed) {
        std::map<RecordName, std::string> units;
        for (const Item& item : items)
            units.emplace(RecordName(item.type, item.id), item.push.unit);
        const auto isBlocked = [&](const Item& item) {
            bool blocked = false;
            if (!item.push.unit.empty()) {
                SyncWork work(m_session);
                for (const std::int64_t pk : outbox::ofUnit(m_session.connection, item.push.unit)) {
                    const auto other = work.records().find(pk);
                    const auto found = units.find({other->type, other->id});
                    blocked = blocked || found == units.end() || found->second != item.push.unit;
                }
            }
            if (blocked || !item.push.document)
                return blocked;
            auto document = Json::parse(*item.push.document);
            fhir::forEachReference(*document, [&](std::string& text) {
                const auto reference = fhir::parseReference(text);
                blocked =
                    blocked || (reference &&
                                !units.contains({std::string(reference->type), std::string(reference->id)}) &&
                                outbox::isNewHere(m_session.connection, reference->type, reference->id));
            });
            return blocked;
        };
        removed = std::erase_if(items, isBlocked) != 0;
    }
}

std::vector<std::vector<std::size_t>> Pusher::dependenciesOf(std::vector<Item>& items)
{
    std::map<RecordName, std::size_t> created;
    std::map<std::string, std::vector<std::size_t>> units;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].push.version.empty())
            created.emplace(RecordName(items[i].type, items[i].id), i);
        if (!items[i].push.unit.empty())
            units[items[i].push.unit].push_back(i);
    }
    std::vector<std::vector<std::size_t>> dependencies(items.size());
    for (std::size_t i = 0; i < items.size() && !created.empty(); ++i) {
        if (!items[i].push.document)
            continue;
        auto document = Json::parse(*items[i].push.document);
        fhir::forEachReference(*document, [&](std::string& text) {
            const auto reference = fhir::parseReference(text);
            if (!reference)
                return;
            const auto found = created.find({std::string(reference->type), std::string(reference->id)});
            if (found != created.end() && found->second != i)
                dependencies[i].push_back(found->second);
        });
    }
    for (const auto& [unit, members] : units) {
        for (std::size_t i = 0; i < members.size(); ++i) // a ring: they are one group
            dependencies[members[i]].push_back(members[(i + 1) % members.size()]);
    }
    return dependencies;
}

Step<void> Pusher::sendStage(const std::vector<Item>& items, const PushStage& stage)
{
    std::vector<const Item*> batch;
    std::size_t bytes = 0;
    const auto flush = [&]() -> Step<void> {
        const std::vector<const Item*> full = std::exchange(batch, {});
        bytes = 0;
        return full.empty() ? Step<void>() : sendBatch(full, false, true);
    };
    for (const PushGroup& group : stage) {
        if (group.size() > 1) {
            std::vector<const Item*> together;
            for (const std::size_t index : group)
                together.push_back(&items[index]);
            if (auto sent = sendBatch(together, true, true); !sent)
                return sent;
            continue;
        }
        const Item& item = items[group.front()];
        const std::size_t size = item.push.document ? item.push.document->size() : 0;
        if (batch.size() == tunables::kBatchEntries ||
            (!batch.empty() && bytes + size > tunables::kBatchBytes)) {
            if (auto sent = flush(); !sent)
                return sent;
        }
        batch.push_back(&item);
        bytes += size;
    }
    return flush();
}

Step<void> Pusher::sendBatch(const std::vector<const Item*>& items, bool transaction, bool isNew)
{
    std::vector<WriteEntry> entries;
    entries.reserve(items.size());
    for (const Item* item : items)
        entries.push_back(entryOf(m_session, item->type, item->id, item->push));
    if (isNew) {
        SyncWork work(m_session);
        // Whatever becomes of the answer: what was sent is known.
        const std::string ring =
            transaction && items.front()->push.unit.empty() ? items.front()->push.op : "";
        for (const Item* item : items) {
            const auto record = work.records().find(item->pk);
            Push push = item->push;
            if (push.unit.empty())
                push.unit = ring;
            work.records().beginPush(*record, push);
        }
        work.commit();
    }
    HttpRequest request;
    request.method = Method::Post;
    request.headers.add("Content-Type", "application/fhir+json");
    request.headers.add("Prefer", "return=representation");
    const outbox::Checkpoint checkpoint = outbox::checkpoint(m_session.connection, kFeed);
    if (!checkpoint.epoch.empty())
        request.headers.add("Yarrow-Epoch", checkpoint.epoch);
    request.body = writeBundle(entries, transaction);
    auto response = m_session.send(std::move(request), transaction);
    if (!response)
        return stop(response.error());

    if (response->status == 200) {
        const auto answers = parseWriteAnswers(response->body, items.size());
        if (!answers)
            return stop(Obstacle::Refused, "the answer to a Bundle: " + answers.error().context);
        takeAnswers(items, *answers);
        return {};
    }
    const WriteAnswer refusal = answerOf(*response);
    if (refusal.code == "epoch-changed") { // nothing was done; the next pull compares
        SyncWork work(m_session);
        for (const Item* item : items)
            work.records().endPush(item->pk);
        work.commit();
        return {};
    }
    if (transaction) {
        takeFailure(items, refusal);
        return {};
    }
    return halve(items, refusal);
}

Step<void> Pusher::halve(const std::vector<const Item*>& items, const WriteAnswer& refusal)
{
    if (items.size() == 1) {
        takeAnswers(items, {refusal});
        return {};
    }
    const auto middle = items.begin() + static_cast<std::ptrdiff_t>(items.size() / 2);
    if (auto sent = sendBatch({items.begin(), middle}, false, false); !sent)
        return sent;
    return sendBatch({middle, items.end()}, false, false);
}

void Pusher::takeAnswers(const std::vector<const Item*>& items, const std::vector<WriteAnswer>& answers)
{
    const SyncReport before = m_session.report;
    SyncWork work(m_session);
    for (std::size_t i = 0; i < items.size(); ++i)
        takeAnswer(work, *items[i], answers[i]);
    moveCursor(answers);
    try {
        work.commit();
    } catch (...) {
        m_session.report = before;
        throw;
    }
}

void Pusher::takeAnswer(SyncWork& work, const Item& item, const WriteAnswer& answer)
{
    const auto record = work.records().find(item.pk);
    if (!record || !record->push || record->push->op != item.push.op)
        return;
    if (!isDone(answer)) {
        takeRefusal(work, *record, answer);
        return;
    }
    ServerVersion version{record->type, record->id, answer.version, answer.lastUpdated, {}};
    if (item.push.document) {
        const auto json = Json::parse(answer.document.value_or(std::string()));
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
        m_postponed =
            Stop{Obstacle::ServerError, "HTTP " + std::to_string(answer.status) + " " + answer.code, {}};
        return;
    }
    work.records().endPush(record.pk);
    if (answer.status == 424)
        return; // another entry's failure: it waits
    const bool isOurFault = answer.code == "operation-reused" || answer.code == "mrn-taken";
    if (isOutrun(answer.status) && !isOurFault)
        outbox::refetch(m_session.connection, record.type, record.id);
    else
        quarantine(record, answer);
}

void Pusher::quarantine(const SyncRecord& record, const WriteAnswer& answer)
{
    outbox::quarantine(m_session.connection, record.pk, record.push->upTo,
                       {answer.status, answer.code, answer.outcome}, formatInstant(m_session.clock.now()));
    ++m_session.report.quarantined;
}

void Pusher::takeFailure(const std::vector<const Item*>& items, const WriteAnswer& failure)
{
    const auto culprit = culpritOf(failure);
    SyncWork work(m_session);
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto record = work.records().find(items[i]->pk);
        if (!record || !record->push)
            continue;
        const std::string& unit = items[i]->push.unit;
        const bool isSettlement =
            !unit.empty() && !record->edits.empty() && record->edits.front().unit == unit;
        if (isSettlement && isOutrun(failure.status)) {
            work.records().endPush(record->pk);
            outbox::refetch(m_session.connection, record->type, record->id);
            if (i + 1 == items.size())
                work.reconciler().dropUnit(unit); // it came late
        } else if (!isSettlement && culprit && *culprit != i) {
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
