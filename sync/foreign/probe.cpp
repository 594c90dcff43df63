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

} // namespace

Step<Dialect> probe(SyncSession& session)
{
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
    auto created = session.send(put(id, "one", {}), true);
    if (!created)
        return stop(created.error());
    const WriteAnswer first = answerOf(*created);
    dialect->takesOurIds = (first.status == 200 || first.status == 201) && first.document &&
                           (*Json::parse(*first.document))["id"].string() == id;
    dialect->wasProbed = true;
    if (!dialect->takesOurIds)
        return std::move(*dialect);

    auto updated = session.send(put(id, "two", first.version), true);
    if (!updated)
        return stop(updated.error());
    auto outdated = session.send(put(id, "three", first.version), true);
    if (!outdated)
        return stop(outdated.error());
    dialect->honoursIfMatch = !first.version.empty() && updated->status == 200 &&
                              (outdated->status == 412 || outdated->status == 409);
    if (dialect->readsHistory) {
        const auto history = readPage(session, "Basic/" + id + "/_history");
        if (!history && history.error().obstacle != Obstacle::Refused)
            return stop(history.error());
        dialect->readsHistory = history && history->status == 200 && history->page.entries.size() >= 2;
    }
    HttpRequest removal;
    removal.method = Method::Delete;
    removal.url = "Basic/" + id;
    if (auto removed = session.send(std::move(removal), true); !removed)
        return stop(removed.error());
    return std::move(*dialect);
}

} // namespace yarrow::sync
