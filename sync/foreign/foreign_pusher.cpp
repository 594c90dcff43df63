// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/foreign/foreign_pusher.h"

#include "sync/engine/tunables.h"
#include "sync/merge/merge.h"

#include <algorithm>
#include <span>

namespace yarrow::sync {
namespace {

constexpr std::string_view kOperationSystem = "https://yarrow.example/fhir/operation";

std::string encoded(std::string_view text)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string out;
    for (const char c : text) {
        if (kPlain.find(c) != std::string_view::npos) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out.append(1, '%').append(1, kHex[byte >> 4U]).append(1, kHex[byte & 0xfU]);
        }
    }
    return out;
}

/// What a record that was created under an id of the server's is found by: an identifier, or the mark it got.
std::string conditionOf(const Json& document, const std::string& op)
{
    for (const Json& identifier : document["identifier"].items()) {
        const std::string_view system = identifier["system"].string();
        const std::string_view value = identifier["value"].string();
        if (!system.empty() && !value.empty())
            return "identifier=" + encoded(std::string(system) + "|" + std::string(value));
    }
    return "_tag=" + encoded(std::string(kOperationSystem) + "|" + op);
}

/// Servers that give their own ids get the document without one, and with the operation as a mark.
Json forCreation(Json document, const std::string& op)
{
    document.remove("id");
    Json tag = Json::object();
    tag.set("system", kOperationSystem);
    tag.set("code", op);
    Json* meta = document.find("meta");
    if (meta == nullptr)
        document.insert("meta", Json::object(), "implicitRules language text contained extension");
    document.objectAt("meta").remove("versionId");
    document.objectAt("meta").remove("lastUpdated");
    document.objectAt("meta").arrayAt("tag").append(std::move(tag));
    return document;
}

Json withoutMark(Json document)
{
    Json* meta = document.find("meta");
    Json* tags = meta != nullptr ? meta->find("tag") : nullptr;
    if (tags == nullptr || !tags->isArray())
        return document;
    std::erase_if(tags->mutableItems(),
                  [](const Json& tag) { return tag["system"].string() == kOperationSystem; });
    if (tags->items().empty())
        meta->remove("tag");
    return document;
}

bool says(const ServerVersion& version, const std::optional<std::string>& sent)
{
    if (!version.record || !sent)
        return !version.record && !sent;
    const auto stored = Json::parse(version.record->body);
    const auto wanted = Json::parse(*sent);
    return stored && wanted && saysTheSame(withoutMark(*stored), *wanted);
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

} // namespace

Step<void> ForeignPusher::settle()
{
    for (const std::int64_t pk : outbox::underWay(m_session.connection)) {
        std::optional<SyncRecord> record;
        {
            SyncWork work(m_session);
            record = work.records().find(pk);
        }
        if (!record || !record->push)
            continue;
        if (auto settled = settleOne(*record); !settled)
            return settled;
    }
    return {};
}

Step<void> ForeignPusher::settleOne(const SyncRecord& record)
{
    if (record.version.empty() && !m_dialect.takesOurIds) {
        const auto created = findCreated(record);
        if (!created)
            return stop(created.error());
        if (!*created) {
            SyncWork work(m_session);
            work.records().endPush(record.pk);
            work.commit();
            return {};
        }
    }
    const auto sent = findSent(record);
    if (!sent)
        return stop(sent.error());
    SyncWork work(m_session);
    const auto present = work.records().find(record.pk);
    if (*sent) {
        count(m_session.report, work.reconciler().acknowledge(*present, **sent));
        ++m_session.report.pushed;
    } else {
        work.records().endPush(record.pk);
    }
    // Somebody may have been there since.
    outbox::refetch(m_session.connection, record.type, record.id);
    work.commit();
    return {};
}

Step<bool> ForeignPusher::findCreated(const SyncRecord& record)
{
    const auto document = Json::parse(record.push->document.value_or(std::string()));
    if (!document)
        return false;
    const auto page = readPage(m_session, record.type + "?" + conditionOf(*document, record.push->op));
    if (!page)
        return stop(page.error());
    if (page->entries.empty())
        return false;
    Transaction transaction(m_session.connection);
    IdMap(m_session.connection).add(record.type, record.id, page->entries.front().id);
    transaction.commit();
    return true;
}

Step<std::optional<ServerVersion>> ForeignPusher::findSent(const SyncRecord& record)
{
    if (m_dialect.readsHistory) {
        auto history = historyFromWire(m_session, record.type, record.id);
        if (!history)
            return stop(history.error());
        for (ServerVersion& version : *history) { // newest first
            if (version.version == record.push->version)
                break;
            if (says(version, record.push->document))
                return std::optional(std::move(version));
        }
        if (!history->empty())
            return std::optional<ServerVersion>();
    }
    auto reading = readFromWire(m_session, record.type, record.id);
    if (!reading)
        return stop(reading.error());
    const bool isGone = reading->kind != WireReading::Kind::Present;
    std::optional<ServerVersion> found;
    if (reading->version.version != record.push->version && isGone == !record.push->document &&
        (isGone || says(reading->version, record.push->document)))
        found = std::move(reading->version);
    return found;
}

Step<bool> ForeignPusher::push()
{
    const std::vector<std::int64_t> ready = outbox::ready(m_session.connection);
    const PushPlan plan =
        planPushes(m_session, std::span(ready).first(std::min(ready.size(), tunables::kPushWindow)));
    for (const PushStage& stage : plan.stages) {
        for (const PushGroup& group : stage) {
            if (!isReady(m_session, plan, group))
                continue;
            for (const std::size_t index : group) {
                if (auto sent = sendOne(plan.items[index]); !sent)
                    return stop(sent.error());
            }
        }
    }
    return !plan.items.empty();
}

Step<bool> ForeignPusher::isUnchanged(const PushItem& item)
{
    const auto reading = readFromWire(m_session, item.type, item.id);
    if (!reading)
        return stop(reading.error());
    if (reading->kind == WireReading::Kind::Present && reading->version.version == item.push.version)
        return true;
    if (reading->kind != WireReading::Kind::Present && item.push.version.empty())
        return true;
    Transaction transaction(m_session.connection);
    outbox::refetch(m_session.connection, item.type, item.id);
    transaction.commit();
    return false;
}

HttpRequest ForeignPusher::requestOf(const PushItem& item)
{
    IdMap ids(m_session.connection);
    HttpRequest request;
    request.url = item.type + "/" + ids.remote(item.type, item.id);
    request.headers.add("Prefer", "return=representation");
    if (!item.push.version.empty())
        request.headers.add("If-Match", "W/\"" + item.push.version + "\"");
    if (!item.push.document) {
        request.method = Method::Delete;
        return request;
    }
    request.headers.add("Content-Type", "application/fhir+json");
    const Json document = ids.toWire(*Json::parse(*item.push.document));
    if (item.push.version.empty() && !m_dialect.takesOurIds) {
        request.method = Method::Post;
        request.url = item.type;
        request.headers.add("If-None-Exist", conditionOf(document, item.push.op));
        request.body = forCreation(document, item.push.op).dump();
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
        SyncWork work(m_session);
        outbox::quarantine(m_session.connection, item.pk, item.push.upTo, {405, "not-offered", {}},
                           formatInstant(m_session.clock.now()));
        ++m_session.report.quarantined;
        work.commit();
        return {};
    }
    const bool isCreation = item.push.version.empty();
    if (m_dialect.honoursIfMatch ? isCreation && m_dialect.takesOurIds
                                 : !isCreation || m_dialect.takesOurIds) {
        const auto unchanged = isUnchanged(item);
        if (!unchanged)
            return stop(unchanged.error());
        if (!*unchanged)
            return {};
    }
    {
        SyncWork work(m_session);
        if (!isStillWanted(work, item))
            return {};
        work.records().beginPush(*work.records().find(item.pk), item.push);
        work.commit();
    }
    auto response = m_session.send(requestOf(item), true);
    if (!response)
        return stop(response.error());
    return takeAnswer(item, *response);
}

Step<void> ForeignPusher::takeAnswer(const PushItem& item, const HttpResponse& response)
{
    const WriteAnswer answer = answerOf(response);
    if (answer.status < 200 || answer.status >= 300) {
        SyncWork work(m_session);
        work.records().endPush(item.pk);
        if (answer.status == 404 || answer.status == 409 || answer.status == 410 || answer.status == 412) {
            outbox::refetch(m_session.connection, item.type, item.id);
        } else {
            outbox::quarantine(m_session.connection, item.pk, item.push.upTo,
                               {answer.status, answer.code, answer.outcome},
                               formatInstant(m_session.clock.now()));
            ++m_session.report.quarantined;
        }
        work.commit();
        return {};
    }
    if (item.push.version.empty() && !m_dialect.takesOurIds) {
        std::string id = idOfLocation(response.headers.find("Location"), item.type);
        if (id.empty() && answer.document)
            id = (*Json::parse(*answer.document))["id"].string();
        if (!isFhirId(id))
            return stop(Obstacle::Refused, "a created " + item.type + " was given no id");
        Transaction transaction(m_session.connection);
        IdMap(m_session.connection).add(item.type, item.id, id);
        transaction.commit();
    }
    std::optional<std::string> base;
    {
        SyncWork work(m_session);
        const auto record = work.records().find(item.pk);
        base = record->base;
        ServerVersion version{item.type, item.id, answer.version, answer.lastUpdated, {}};
        bool isWhole = !answer.version.empty();
        if (item.push.document) {
            const auto json = Json::parse(answer.document.value_or(std::string()));
            auto stored =
                json ? PreparedRecord::ofServer(IdMap(m_session.connection).fromWire(withoutMark(*json)))
                     : fail(json.error());
            isWhole = isWhole && stored && stored->type == item.type && stored->id == item.id;
            if (isWhole)
                version.record = std::move(*stored);
        } else if (answer.version.empty()) {
            version.version = item.push.op; // no server's version, but one that no other has
            isWhole = true;
        }
        if (isWhole) {
            count(m_session.report, work.reconciler().acknowledge(*record, version));
            ++m_session.report.pushed;
        }
        work.commit();
        if (!isWhole) { // the answer does not say what was stored: it is found like after a lost answer
            return settleOne(*record);
        }
    }
    if (!m_dialect.honoursIfMatch && m_dialect.readsHistory && !item.push.version.empty() &&
        item.push.document)
        return putBackPassedOver(item, answer.version, base);
    return {};
}

Step<void> ForeignPusher::putBackPassedOver(const PushItem& item, const std::string& version,
                                            const std::optional<std::string>& base)
{
    const auto history = historyFromWire(m_session, item.type, item.id);
    if (!history)
        return stop(history.error());
    const auto ours = std::find_if(history->begin(), history->end(),
                                   [&](const ServerVersion& entry) { return entry.version == version; });
    if (ours == history->end() || ours + 1 == history->end() || (ours + 1)->version == item.push.version)
        return {};
    SyncWork work(m_session);
    count(m_session.report, work.reconciler().putBack(*work.records().find(item.pk), base, *(ours + 1),
                                                      m_session.link.account));
    work.commit();
    return {};
}

} // namespace yarrow::sync
