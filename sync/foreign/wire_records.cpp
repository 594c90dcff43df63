// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/foreign/wire_records.h"

#include "sync/protocol/write_bundle.h"

#include <algorithm>

namespace yarrow::sync {

std::optional<ServerVersion> versionFromWire(FeedEntry entry, IdMap& ids)
{
    ServerVersion version{entry.type, ids.local(entry.type, entry.id), entry.version, entry.lastUpdated, {}};
    if (version.version.empty()) // a server without versions: the content tells one from another
        version.version = uuidOf({entry.lastUpdated, entry.document.dump()});
    if (entry.kind != FeedEntry::Kind::Present)
        return version;
    auto record = PreparedRecord::ofServer(ids.fromWire(std::move(entry.document)));
    if (!record)
        return std::nullopt;
    version.record = std::move(*record);
    return version;
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
        reading.version.version = uuidOf({answer.lastUpdated, answer.document.value_or(std::string())});
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
    } else if (answer.status != 404 && answer.status != 403) {
        return stop(Obstacle::Refused,
                    "HTTP " + std::to_string(answer.status) + " to a read of " + type + "/" + id);
    }
    return reading;
}

Step<FeedPage> readPage(SyncSession& session, const std::string& url)
{
    HttpRequest request;
    request.url = url;
    auto response = session.send(std::move(request));
    if (!response)
        return stop(response.error());
    if (response->status != 200)
        return stop(Obstacle::Refused,
                    "HTTP " + std::to_string(response->status) + " to " + url.substr(0, url.find('?')));
    auto page = parseFeedPage(response->body);
    if (!page)
        return stop(Obstacle::Refused, url.substr(0, url.find('?')) + ": " + page.error().context);
    return std::move(*page);
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

void takeVersion(SyncSession& session, SyncWork& work, const ServerVersion& version, std::int64_t sweep)
{
    switch (work.records().take(version, sweep)) {
    case SyncRecords::Taken::Stored:
        ++session.report.pulled;
        if (version.type == "Appointment")
            session.pulledAppointments.push_back(version.id);
        break;
    case SyncRecords::Taken::Known:
    case SyncRecords::Taken::Older:
        break;
    case SyncRecords::Taken::HasEdits:
        count(session.report,
              work.reconciler().merge(*work.records().find(version.type, version.id), version));
        ++session.report.pulled;
        break;
    case SyncRecords::Taken::UnderWay:
    case SyncRecords::Taken::Unclear:
        outbox::refetch(session.connection, version.type, version.id);
        break;
    }
    if (sweep == 0)
        return;
    if (const auto record = work.records().find(version.type, version.id))
        work.records().markMet(record->pk, sweep);
}

} // namespace yarrow::sync
