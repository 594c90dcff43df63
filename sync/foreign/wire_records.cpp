// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/foreign/wire_records.h"

#include "models/fhir/conflict_task.h"
#include "sync/foreign/creation_mark.h"
#include "sync/protocol/write_bundle.h"

#include <algorithm>

namespace yarrow::sync {
namespace {

constexpr char kMadeUp = '~'; // no versionId has it (FHIR R4, id)

std::string madeUpVersion(const std::string& document)
{
    return kMadeUp + uuidOf({document});
}

std::int64_t lastComparison(const SyncSession& session)
{
    return outbox::nextSweep(session.connection) - 1;
}

} // namespace

bool isOfServer(std::string_view version) noexcept
{
    return !version.empty() && version.front() != kMadeUp;
}

std::optional<ServerVersion> versionFromWire(FeedEntry entry, IdMap& ids)
{
    ServerVersion version{entry.type, ids.local(entry.type, entry.id), entry.version, entry.lastUpdated, {}};
    if (entry.kind != FeedEntry::Kind::Present) {
        if (version.version.empty())
            version.version = kGone;
        return version;
    }
    if (version.version.empty())
        version.version = madeUpVersion(entry.document.dump());
    auto record = PreparedRecord::ofServer(ids.fromWire(std::move(entry.document)));
    if (!record)
        return std::nullopt;
    version.record = std::move(*record);
    return version;
}

bool isOnlyOurs(const SyncRecord& record, const Push& push)
{
    constexpr std::size_t kUuid = 36;
    constexpr std::size_t kVersion = 14; // its place in the text (RFC 9562)
    return record.version.empty() && push.version.empty() && push.document && record.id.size() == kUuid &&
           record.id[kVersion] == '7'; // what UuidSource gives; 4 comes with imported files
}

std::optional<ServerVersion> versionAsSent(const std::string& type, const std::string& id,
                                           const std::string& document)
{
    const auto json = Json::parse(document);
    auto record = json ? PreparedRecord::ofServer(*json) : fail(json.error());
    if (!record)
        return std::nullopt;
    return ServerVersion{type, id, madeUpVersion(document), {}, std::move(*record)};
}

Step<WireReading> readFromWire(SyncSession& session, const std::string& type, const std::string& id)
{
    IdMap ids(session.connection);
    HttpRequest request;
    request.url = type + "/" + ids.remote(type, id);
    auto response = session.send(std::move(request), true);
    if (!response)
        return stop(response.error());
    const WriteAnswer answer = answerOf(*response);
    WireReading reading;
    reading.version = {type, id, answer.version, answer.lastUpdated, {}};
    if (answer.version.empty())
        reading.version.version = answer.document ? madeUpVersion(*answer.document) : std::string(kGone);
    if (answer.status == 200 && answer.document) {
        const auto document = Json::parse(*answer.document);
        auto record = document ? PreparedRecord::ofServer(ids.fromWire(*document)) : fail(document.error());
        if (!record || record->type != type || record->id != id)
            return stop(Obstacle::Refused,
                        "the answer to a read of " + type + "/" + id + " is another document");
        reading.kind = WireReading::Kind::Present;
        reading.version.record = std::move(*record);
    } else if (answer.status == 410) {
        reading.kind = WireReading::Kind::Deleted;
    } else if (answer.status == 403) {
        reading.kind = WireReading::Kind::Forbidden;
    } else if (answer.status != 404) {
        return stop(Obstacle::Refused,
                    "HTTP " + std::to_string(answer.status) + " to a read of " + type + "/" + id);
    }
    return reading;
}

Step<PageReading> readPage(SyncSession& session, const std::string& url)
{
    HttpRequest request;
    request.url = url;
    auto response = session.send(std::move(request), true);
    if (!response)
        return stop(response.error());
    PageReading reading{response->status, {}};
    if (response->status != 200)
        return reading;
    auto page = parseFeedPage(response->body);
    if (!page)
        return stop(Obstacle::Refused, url.substr(0, url.find('?')) + ": " + page.error().context);
    reading.page = std::move(*page);
    return reading;
}

Step<std::vector<ServerVersion>> historyFromWire(SyncSession& session, const std::string& type,
                                                 const std::string& id)
{
    IdMap ids(session.connection);
    HttpRequest request;
    request.url = type + "/" + ids.remote(type, id) + "/_history?_count=100";
    auto response = session.send(std::move(request), true);
    if (!response)
        return stop(response.error());
    std::vector<ServerVersion> versions;
    auto page = parseFeedPage(response->body);
    if (response->status != 200 || !page)
        return versions;
    for (FeedEntry& entry : page->entries) {
        if (auto version = versionFromWire(std::move(entry), ids))
            versions.push_back(std::move(*version));
    }
    return versions;
}

bool adopt(SyncWork& work, IdMap& ids, Connection& connection, const std::string& type,
           const std::string& local, const std::string& remote)
{
    if (local == remote || ids.remote(type, local) == remote)
        return true;
    if (ids.local(type, remote) != remote)
        return false;
    if (const auto copy = work.records().find(type, remote)) {
        if (!copy->edits.empty() || copy->push)
            return false;
        work.records().drop(*copy);
        // The copy may have been newer than what shows that the two are one.
        outbox::refetch(connection, type, local);
    }
    outbox::refetched(connection, type, remote);
    ids.add(type, local, remote);
    return true;
}

void recognise(SyncWork& work, IdMap& ids, Connection& connection, const std::string& type,
               const std::string& remote, const Json& document)
{
    const auto mark = markOf(document);
    if (!mark || mark->localId == remote || !isFhirId(mark->localId) || ids.local(type, remote) != remote)
        return;
    const auto record = work.records().find(type, mark->localId);
    // A conflict's name is made of what it is about: every workstation that finds it makes the same one.
    const bool isFoundElsewhere = !record && type == "Task" && fhir::isConflictTask(document);
    const bool waits = record && record->version.empty() && !record->edits.empty() &&
                       ids.remote(type, record->id) == record->id;
    if (waits || isFoundElsewhere)
        static_cast<void>(adopt(work, ids, connection, type, mark->localId, remote));
}

void noteSeen(SyncSession& session, SyncWork& work, std::int64_t pk)
{
    work.records().markMet(pk, lastComparison(session));
}

void takeVersion(SyncSession& session, SyncWork& work, const ServerVersion& version)
{
    switch (work.records().take(version, lastComparison(session))) {
    case SyncRecords::Taken::Stored:
        ++session.report.pulled;
        if (version.type == "Appointment" && version.record)
            outbox::noteBooking(session.connection, version.id);
        break;
    case SyncRecords::Taken::Known:
    case SyncRecords::Taken::Older:
    case SyncRecords::Taken::BroughtBack: // only of our server
        break;
    case SyncRecords::Taken::HasEdits: {
        const auto record = work.records().find(version.type, version.id);
        count(session.report, work.reconciler().merge(*record, version));
        noteSeen(session, work, record->pk);
        ++session.report.pulled;
        break;
    }
    case SyncRecords::Taken::UnderWay:
    case SyncRecords::Taken::Unclear:
        outbox::refetch(session.connection, version.type, version.id);
        break;
    }
}

} // namespace yarrow::sync
