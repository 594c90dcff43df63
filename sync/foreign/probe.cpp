// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/foreign/probe.h"

#include "sync/foreign/wire_records.h"
#include "sync/protocol/write_bundle.h"

namespace yarrow::sync {
namespace {

constexpr std::string_view kProbeSystem = "https://yarrow.example/fhir/CodeSystem/probe";

std::string probeDocument(const std::string& id, std::string_view text)
{
    Json coding = Json::object();
    coding.set("system", kProbeSystem);
    coding.set("code", "probe");
    Json code = Json::object();
    code.arrayAt("coding").append(std::move(coding));
    code.set("text", text);
    Json document = Json::object();
    document.set("resourceType", "Basic");
    document.set("id", id);
    document.set("code", std::move(code));
    return document.dump();
}

HttpRequest put(const std::string& id, std::string_view text, std::string_view version)
{
    HttpRequest request;
    request.method = Method::Put;
    request.url = "Basic/" + id;
    request.headers.add("Content-Type", "application/fhir+json");
    request.headers.add("Prefer", "return=representation");
    if (!version.empty())
        request.headers.add("If-Match", "W/\"" + std::string(version) + "\"");
    request.body = probeDocument(id, text);
    return request;
}

/// What a probe that was cut off may have left at the server; empty: nothing.
std::string leftoverOf(const ServerLink& link)
{
    const auto note = Json::parse(link.dialect);
    return note ? std::string((*note)["probe"].string()) : std::string();
}

/// Before anything is written there, so that it is found again whatever happens.
void noteProbe(SyncSession& session, const std::string& id)
{
    Json note = Json::object();
    note.set("probe", id);
    Transaction transaction(session.connection);
    if (auto link = readServerLink(session.connection)) {
        link->dialect = note.dump();
        writeServerLink(session.connection, *link);
    }
    transaction.commit();
    session.connection.makeDurable();
}

Step<void> remove(SyncSession& session, const std::string& id)
{
    HttpRequest removal;
    removal.method = Method::Delete;
    removal.url = "Basic/" + id;
    const auto removed = session.send(std::move(removal), true);
    return removed ? Step<void>() : stop(removed.error());
}

/// The id under which the server has stored what was put as `id`; empty: it has not.
Step<std::string> storedId(SyncSession& session, const std::string& id, WriteAnswer put)
{
    if (put.status != 200 && put.status != 201)
        return std::string();
    if (!put.document) { // as servers do that answer without a representation
        HttpRequest request;
        request.url = "Basic/" + id;
        const auto read = session.send(std::move(request), true);
        if (!read)
            return stop(read.error());
        put = answerOf(*read);
        if (put.status != 200 || !put.document)
            return std::string();
    }
    return std::string((*Json::parse(*put.document))["id"].string());
}

Step<void> tryWrites(SyncSession& session, Dialect& dialect, const std::string& id,
                     const std::string& firstVersion)
{
    auto updated = session.send(put(id, "two", firstVersion), true);
    if (!updated)
        return stop(updated.error());
    auto outdated = session.send(put(id, "three", firstVersion), true);
    if (!outdated)
        return stop(outdated.error());
    dialect.honoursIfMatch = !firstVersion.empty() && updated->status == 200 &&
                             (outdated->status == 412 || outdated->status == 409);
    if (dialect.readsHistory) {
        const auto history = readPage(session, "Basic/" + id + "/_history");
        if (!history && history.error().obstacle != Obstacle::Refused)
            return stop(history.error());
        dialect.readsHistory = history && history->status == 200 && history->page.entries.size() >= 2;
    }
    return {};
}

} // namespace

Step<Dialect> probe(SyncSession& session)
{
    if (const std::string leftover = leftoverOf(session.link); !leftover.empty()) {
        if (auto removed = remove(session, leftover); !removed)
            return stop(removed.error());
    }
    HttpRequest request;
    request.url = "metadata";
    auto response = session.send(std::move(request));
    if (!response)
        return stop(response.error());
    const auto statement = Json::parse(response->body);
    if (response->status != 200 || !statement)
        return stop(Obstacle::Refused, "the server has no metadata: this is no FHIR server");
    auto dialect = Dialect::of(*statement);
    if (!dialect)
        return stop(Obstacle::Refused, dialect.error().context);
    if (!dialect->mayWrite("Basic")) {
        dialect->honoursIfMatch = false;
        return std::move(*dialect);
    }
    const std::string id = session.ids.next();
    noteProbe(session, id);
    auto created = session.send(put(id, "one", {}), true);
    if (!created)
        return stop(created.error());
    const WriteAnswer first = answerOf(*created);
    const auto stored = storedId(session, id, first);
    if (!stored)
        return stop(stored.error());
    dialect->takesOurIds = *stored == id;
    dialect->wasProbed = true;
    if (dialect->takesOurIds) {
        if (auto tried = tryWrites(session, *dialect, id, first.version); !tried)
            return stop(tried.error());
    }
    if (isFhirId(*stored)) {
        if (auto removed = remove(session, *stored); !removed)
            return stop(removed.error());
    }
    return std::move(*dialect);
}

} // namespace yarrow::sync
