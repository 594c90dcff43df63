// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/foreign/foreign_pusher.h"

#include "sync/engine/tunables.h"
#include "sync/foreign/creation_mark.h"
#include "sync/merge/merge.h"

#include <algorithm>
#include <set>
#include <span>
#include <utility>

namespace yarrow::sync {
namespace {

/// Whether the version is what was sent, or was made by the upload that created it.
bool isUpload(const ServerVersion& version, const Push& push)
{
    if (!version.record || !push.document)
        return !version.record && !push.document;
    const auto stored = Json::parse(version.record->body);
    const auto sent = Json::parse(*push.document);
    if (!stored || !sent)
        return false;
    const auto mark = markOf(*stored);
    return (mark && mark->operation == push.op) || saysTheSame(withoutMark(*stored), withoutMark(*sent));
}

/// The id in `Location: …/Type/id/_history/1`.
std::string idOfLocation(std::string_view location, std::string_view type)
{
    const std::string mark = "/" + std::string(type) + "/";
    std::size_t at = location.rfind(mark);
    if (at == std::string_view::npos)
        return {};
    location.remove_prefix(at + mark.size());
    return std::string(location.substr(0, location.find_first_of("/?")));
}

bool isSuccess(int status) noexcept
{
    return status >= 200 && status < 300;
}

const outbox::Refusal kAnotherRecord{409, "another-record", {}};

} // namespace

bool ForeignPusher::isCreation(const SyncRecord& record, const Push& push) const
{
    return !m_dialect.takesOurIds && !record.atServer() && push.document.has_value();
}

bool ForeignPusher::isGuarded(const SyncRecord& record) const
{
    return m_dialect.honoursIfMatch && record.atServer() && isOfServer(record.version);
}

bool ForeignPusher::passesOver(std::int64_t pk, const Stop& trouble)
{
    if (!isAboutOne(trouble.obstacle) || ++m_failuresInARow > tunables::kFailuresInARow)
        return false;
    m_troubles.insert(pk);
    const bool isKnown = trouble.obstacle == Obstacle::ServerError && m_failures.isKnown(pk);
    if (!isKnown && !m_news)
        m_news = trouble;
    if (trouble.obstacle == Obstacle::ServerError) {
        SyncWork work(m_session);
        m_failures.note(work, {pk}, trouble);
        work.commit();
    }
    return true;
}

Step<void> ForeignPusher::settle()
{
    for (const std::int64_t pk : outbox::underWay(m_session.connection)) {
        const auto record = look(m_session).find(pk);
        if (!record || !record->push || isCreation(*record, *record->push) || m_failures.isKnown(pk))
            continue;
        if (auto settled = settleOne(pk); settled)
            m_failuresInARow = 0;
        else if (!passesOver(pk, settled.error()))
            return settled;
    }
    return {};
}

Step<void> ForeignPusher::settleOne(std::int64_t pk)
{
    const auto record = look(m_session).find(pk);
    if (!record || !record->push)
        return {};
    if (isCreation(*record, *record->push)) {
        const auto created = findCreated(*record);
        if (!created)
            return stop(created.error());
        if (!*created) {
            SyncWork work(m_session);
            work.records().endPush(pk);
            work.commit();
            return {};
        }
    }
    const auto stored = findStored(*record);
    if (!stored)
        return stop(stored.error());
    if (*stored) {
        acknowledge(pk, **stored, true);
        return {};
    }
    SyncWork work(m_session);
    work.records().endPush(pk);
    outbox::refetch(m_session.connection, record->type, record->id);
    work.commit();
    return {};
}

Step<bool> ForeignPusher::findCreated(const SyncRecord& record)
{
    IdMap ids(m_session.connection);
    if (record.version.empty() && ids.remote(record.type, record.id) != record.id)
        return true;
    auto document = Json::parse(record.push->document.value_or(std::string()));
    if (!document)
        return false;
    document = ids.toWire(std::move(*document));
    Push sent = *record.push;
    const std::string newest = "_sort=-_lastUpdated&_count=" + std::to_string(tunables::kForeignPageEntries);
    bool answered = false;
    for (const std::string& query : {queryForMark(record.push->op), queryForIdentifier(*document), newest}) {
        if (query.empty() || (answered && query == newest))
            continue;
        const auto reading = readPage(m_session, record.type + "?" + query);
        if (!reading && !isAboutOne(reading.error().obstacle))
            return stop(reading.error());
        if (!reading || reading->status != 200)
            continue;
        answered = true;
        for (const FeedEntry& entry : reading->page.entries) {
            auto stored = PreparedRecord::ofServer(entry.document);
            if (!stored || entry.type != record.type)
                continue;
            if (const auto mark = markOf(entry.document); mark && mark->localId != record.id)
                continue; // somebody else made the same
            const ServerVersion version{entry.type, entry.id, {}, {}, std::move(*stored)};
            document->set("id", entry.id); // which was not sent
            sent.document = document->dump();
            if (!isUpload(version, sent))
                continue;
            SyncWork work(m_session);
            const bool adopted = adopt(work, ids, m_session.connection, record.type, record.id, entry.id);
            work.commit();
            if (adopted)
                return true;
        }
    }
    if (!answered)
        return stop(Obstacle::Refused, record.type + ": what became of a new record cannot be searched");
    return false;
}

std::optional<ForeignPusher::Stored> ForeignPusher::inHistory(const std::vector<ServerVersion>& history,
                                                              const SyncRecord& record,
                                                              std::string_view answered)
{
    const Push& push = *record.push;
    auto ours = history.end(); // the oldest one that it can be: somebody may have come back to it since
    for (auto version = history.begin(); version != history.end() && version->version != push.version;
         ++version) {
        if (answered.empty() ? isUpload(*version, push) : version->version == answered)
            ours = version;
    }
    if (ours == history.end())
        return std::nullopt;
    Stored stored{*ours, {}};
    const auto before = ours + 1;
    const bool isNews =
        before != history.end() && before->version != push.version && (before->record || record.atServer());
    if (isNews)
        stored.passedOver = *before;
    return stored;
}

Step<std::optional<ForeignPusher::Stored>> ForeignPusher::findStored(const SyncRecord& record)
{
    if (m_dialect.readsHistory) {
        const auto history = historyFromWire(m_session, record.type, record.id);
        if (!history)
            return stop(history.error());
        if (!history->empty()) {
            auto found = inHistory(*history, record, {});
            if (!found && isOnlyOurs(record, *record.push)) // the server made something else of it
                found = Stored{history->front(), {}};
            return found;
        }
    }
    const auto reading = readFromWire(m_session, record.type, record.id);
    if (!reading)
        return stop(reading.error());
    std::optional<Stored> stored;
    const bool isKnown =
        reading->kind == WireReading::Kind::Forbidden || reading->version.version == record.push->version;
    const bool isThere =
        reading->kind == WireReading::Kind::Present || reading->kind == WireReading::Kind::Deleted;
    if (!isKnown &&
        (isUpload(reading->version, *record.push) || (isThere && isOnlyOurs(record, *record.push))))
        stored = Stored{reading->version, {}};
    return stored;
}

Step<bool> ForeignPusher::push()
{
    bool any = false;
    for (const bool failing : {false, true}) {
        const auto settled = settleUnderWay(failing);
        if (!settled)
            return stop(settled.error());
        any = any || *settled;
        std::vector<std::int64_t> ready = outbox::ready(m_session.connection);
        std::erase_if(ready, [&](std::int64_t pk) {
            // Behind the others they go with whatever waits for them.
            return m_troubles.contains(pk) || (!failing && m_failures.isKnown(pk));
        });
        const auto sent = sendReady(ready);
        if (!sent)
            return stop(sent.error());
        any = any || *sent;
    }
    if (!any && m_news)
        return stop(*m_news);
    return any;
}

Step<bool> ForeignPusher::settleUnderWay(bool failing)
{
    bool any = false;
    for (const std::int64_t pk : outbox::underWay(m_session.connection)) {
        if (m_troubles.contains(pk) || m_failures.isKnown(pk) != failing)
            continue;
        any = true;
        if (auto settled = settleOne(pk); settled)
            m_failuresInARow = 0;
        else if (!passesOver(pk, settled.error()))
            return stop(settled.error());
    }
    return any;
}

Step<bool> ForeignPusher::sendReady(std::span<const std::int64_t> ready)
{
    // What must be read first would only be refused, or worse.
    const auto unread = outbox::toRefetch(m_session.connection);
    const std::set<std::pair<std::string, std::string>> toRead(unread.begin(), unread.end());
    bool any = false;
    for (std::span<const std::int64_t> rest = ready; !rest.empty();) {
        const auto window = rest.first(std::min(rest.size(), tunables::kPushWindow));
        rest = rest.subspan(window.size());
        const PushPlan plan =
            planPushes(m_session, window, [this](std::string_view type) { return m_dialect.mayWrite(type); });
        for (const PushStage& stage : plan.stages) {
            for (const PushGroup& group : stage) {
                if (!isReady(m_session, plan, group))
                    continue;
                for (const std::size_t index : group) {
                    const PushItem& item = plan.items[index];
                    if (toRead.contains({item.type, item.id}))
                        break;
                    any = true;
                    if (auto sent = sendOne(item); !sent && !passesOver(item.pk, sent.error()))
                        return stop(sent.error());
                    if (m_dialect.mayWrite(item.type) && isWaiting(item)) // and so does what goes with it
                        break;
                }
            }
        }
    }
    return any;
}

bool ForeignPusher::isWaiting(const PushItem& item) const
{
    const auto record = look(m_session).find(item.pk);
    return record && !record->edits.empty() && record->edits.front().seq <= item.push.upTo;
}

Step<bool> ForeignPusher::isUnchanged(const SyncRecord& record, const PushItem& item)
{
    const auto reading = readFromWire(m_session, item.type, item.id);
    if (!reading)
        return stop(reading.error());
    const bool isThere = record.atServer().has_value();
    switch (reading->kind) {
    case WireReading::Kind::Present:
        if (isThere && reading->version.version == item.push.version)
            return true;
        break;
    case WireReading::Kind::Deleted:
    case WireReading::Kind::Missing:
        if (!isThere || !item.push.document) // there is nothing to overwrite, or nothing left to delete
            return true;
        break;
    case WireReading::Kind::Forbidden:
        if (!isThere)
            return true;
        break;
    }
    Transaction transaction(m_session.connection);
    outbox::refetch(m_session.connection, item.type, item.id);
    transaction.commit();
    return false;
}

HttpRequest ForeignPusher::requestOf(const SyncRecord& record, const PushItem& item)
{
    IdMap ids(m_session.connection);
    HttpRequest request;
    request.url = item.type + "/" + ids.remote(item.type, item.id);
    request.headers.add("Prefer", "return=representation");
    if (record.atServer() && isOfServer(item.push.version))
        request.headers.add("If-Match", "W/\"" + item.push.version + "\"");
    if (!item.push.document) {
        request.method = Method::Delete;
        return request;
    }
    request.headers.add("Content-Type", "application/fhir+json");
    const Json document = ids.toWire(*Json::parse(*item.push.document));
    if (isCreation(record, item.push)) {
        request.method = Method::Post;
        request.url = item.type;
        request.headers.add("If-None-Exist", queryForMark(item.push.op));
        request.body = forCreation(document, {item.push.op, item.id}).dump();
        return request;
    }
    request.method = Method::Put;
    if (item.push.version.empty())
        request.headers.add("If-None-Match", "*");
    request.body = document.dump();
    return request;
}

Step<void> ForeignPusher::sendOne(const PushItem& item)
{
    if (!m_dialect.mayWrite(item.type)) {
        quarantine(item.pk, item.push.upTo, {405, "not-offered", {}});
        return {};
    }
    auto record = look(m_session).find(item.pk);
    if (!record)
        return {};
    if (!isCreation(*record, item.push) && !isGuarded(*record)) {
        const auto unchanged = isUnchanged(*record, item);
        if (!unchanged)
            return stop(unchanged.error());
        if (!*unchanged)
            return {};
    }
    {
        SyncWork work(m_session);
        if (!isStillWanted(work, item))
            return {};
        work.records().beginPush(item.pk, item.push);
        record = work.records().find(item.pk);
        work.commit();
        m_session.connection.makeDurable(); // what was sent must be known, whatever happens now
    }
    auto response = m_session.send(requestOf(*record, item), true);
    if (!response)
        return stop(response.error());
    m_failuresInARow = 0;
    m_failures.noteAnswer();
    return takeAnswer(*record, item, *response);
}

Step<void> ForeignPusher::takeAnswer(const SyncRecord& record, const PushItem& item,
                                     const HttpResponse& response)
{
    const WriteAnswer answer = answerOf(response);
    if (!isSuccess(answer.status)) {
        takeRefusal(record, item, answer);
        return {};
    }
    if (isCreation(record, item.push)) {
        if (answer.status != 201) { // it says that it has such a record already: only ours will do
            const auto created = findCreated(record);
            if (!created)
                return stop(created.error());
            if (*created)
                return settleOne(item.pk);
            quarantine(item.pk, item.push.upTo, kAnotherRecord);
            return {};
        }
        std::string id = idOfLocation(response.headers.find("Location"), item.type);
        if (id.empty() && answer.document)
            id = (*Json::parse(*answer.document))["id"].string();
        if (!isFhirId(id))
            return stop(Obstacle::Refused, "a created " + item.type + " was given no id");
        SyncWork work(m_session);
        IdMap ids(m_session.connection);
        const bool adopted = adopt(work, ids, m_session.connection, item.type, item.id, id);
        work.commit();
        if (!adopted) {
            quarantine(item.pk, item.push.upTo, kAnotherRecord);
            return {};
        }
    }
    auto version = storedBy(answer, item);
    if (!version && (isCreation(record, item.push) || isOnlyOurs(record, item.push))) {
        // Somebody may have it deleted before it can be read: what is known now is kept.
        if (auto sent = versionAsSent(item.type, item.id, *item.push.document)) {
            acknowledge(item.pk, {std::move(*sent), {}}, true);
            return {};
        }
    }
    if (!version) // it is found like after a lost answer
        return settleOne(item.pk);
    Stored stored{std::move(*version), {}};
    if (!isGuarded(record) && !isCreation(record, item.push) && m_dialect.readsHistory) {
        const auto history = historyFromWire(m_session, item.type, item.id);
        if (!history)
            return stop(history.error());
        if (auto found = inHistory(*history, record, stored.version.version))
            stored.passedOver = std::move(found->passedOver);
    }
    acknowledge(item.pk, stored, false);
    return {};
}

std::optional<ServerVersion> ForeignPusher::storedBy(const WriteAnswer& answer, const PushItem& item)
{
    ServerVersion version{item.type, item.id, answer.version, answer.lastUpdated, {}};
    if (!item.push.document) {
        if (version.version.empty())
            version.version = kGone;
        return version;
    }
    const auto json = Json::parse(answer.document.value_or(std::string()));
    if (answer.version.empty() || !json)
        return std::nullopt;
    auto stored = PreparedRecord::ofServer(IdMap(m_session.connection).fromWire(withoutMark(*json)));
    if (!stored || stored->type != item.type || stored->id != item.id)
        return std::nullopt;
    version.record = std::move(*stored);
    return version;
}

void ForeignPusher::acknowledge(std::int64_t pk, const Stored& stored, bool readsAgain)
{
    SyncWork work(m_session);
    const auto sent = work.records().find(pk);
    if (!sent || !sent->push)
        return;
    count(m_session.report, work.reconciler().acknowledge(*sent, stored.version));
    noteSeen(m_session, work, pk);
    ++m_session.report.pushed;
    if (stored.passedOver)
        count(m_session.report, work.reconciler().putBack(*work.records().find(pk), *sent, *stored.passedOver,
                                                          m_session.link.account));
    if (sent->type == "Appointment")
        outbox::noteBooking(m_session.connection, sent->id);
    if (readsAgain) // somebody may have been there since
        outbox::refetch(m_session.connection, sent->type, sent->id);
    work.commit();
}

void ForeignPusher::takeRefusal(const SyncRecord& record, const PushItem& item, const WriteAnswer& answer)
{
    const bool isGone = answer.status == 404 || answer.status == 410;
    if (!item.push.document && isGone) { // somebody else has deleted it
        acknowledge(item.pk, {{item.type, item.id, std::string(kGone), {}, {}}, {}}, false);
        return;
    }
    const bool isNew = !record.atServer();
    const bool isOutrun = answer.status == 412 || answer.status == 409 || (isGone && !isNew);
    // Of a conflict without a newer version, which a server may have over references or its own rules,
    // nothing comes by trying again.
    const bool staysRefused = !isOutrun || answer.status == 409 || isCreation(record, item.push);
    if (staysRefused)
        quarantine(item.pk, item.push.upTo, {answer.status, answer.code, answer.outcome});
    SyncWork work(m_session);
    work.records().endPush(item.pk);
    if (isOutrun && !isCreation(record, item.push))
        outbox::refetch(m_session.connection, item.type, item.id);
    work.commit();
}

void ForeignPusher::quarantine(std::int64_t pk, std::int64_t upTo, const outbox::Refusal& refusal)
{
    SyncWork work(m_session);
    work.records().endPush(pk);
    outbox::quarantine(m_session.connection, pk, upTo, refusal, formatInstant(m_session.clock.now()));
    ++m_session.report.quarantined;
    work.commit();
}

} // namespace yarrow::sync
