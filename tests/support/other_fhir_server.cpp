// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/other_fhir_server.h"

#include "models/fhir/references.h"
#include "sync/protocol/feed_page.h"

#include <algorithm>

namespace yarrow::testing {
namespace {

sync::HttpResponse refusal(int status, std::string_view code)
{
    sync::HttpResponse response;
    response.status = status;
    response.body = R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":")" +
                    std::string(code) + R"("}]})";
    return response;
}

std::string decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::map<std::string, std::string> queryOf(std::string_view text)
{
    std::map<std::string, std::string> query;
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        const std::size_t equals = pair.find('=');
        query[std::string(pair.substr(0, equals))] = decoded(pair.substr(equals + 1));
    }
    return query;
}

} // namespace

OtherFhirServer::OtherFhirServer(const Habits& wanted)
    : habits(wanted)
{}

tl::expected<sync::HttpResponse, sync::TransportError> OtherFhirServer::send(const sync::HttpRequest& request)
{
    ++m_traffic.requests;
    log.push_back(std::string(sync::methodName(request.method)) + " " + request.url);
    if (fault) {
        if (auto error = fault(request, false))
            return tl::unexpected(*error);
    }
    const int refused = refuses ? refuses(request) : 0;
    sync::HttpResponse response = refused != 0 ? refusal(refused, "exception") : answer(request);
    if (fault) {
        if (auto error = fault(request, true))
            return tl::unexpected(*error);
    }
    return response;
}

sync::HttpResponse OtherFhirServer::answer(const sync::HttpRequest& request)
{
    const std::size_t mark = std::min(request.url.find('?'), request.url.size());
    const std::string path = request.url.substr(0, mark);
    const auto query =
        queryOf(mark < request.url.size() ? std::string_view(request.url).substr(mark + 1) : "");
    if (path == "metadata")
        return metadata();
    if (!habits.findsByTag && query.contains("_tag"))
        return refusal(400, "not-supported");
    if (path == "_history")
        return habits.systemHistory ? page({}, {}, true, query, path) : refusal(404, "not-supported");
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t slash = std::min(path.find('/', at), path.size());
        parts.push_back(path.substr(at, slash - at));
        at = slash + 1;
    }
    if (parts.size() == 1)
        return request.method == sync::Method::Post ? create(parts[0], request)
                                                    : page(parts[0], {}, false, query, path);
    if (parts.size() == 2 && parts[1] == "_history")
        return habits.typeHistory ? page(parts[0], {}, true, query, path) : refusal(404, "not-supported");
    if (parts.size() == 3)
        return habits.instanceHistory && habits.tellsHistory ? page(parts[0], parts[1], true, query, path)
                                                             : refusal(404, "not-supported");
    const Name name{parts[0], parts[1]};
    return request.method == sync::Method::Get ? read(name) : write(name, request);
}

sync::HttpResponse OtherFhirServer::metadata() const
{
    Json statement = *Json::parse(
        R"({"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","rest":[{"mode":"server"}]})");
    Json& rest = statement.find("rest")->mutableItems().front();
    const auto offer = [](Json& holder, std::string_view code) {
        Json interaction = Json::object();
        interaction.set("code", code);
        holder.arrayAt("interaction").append(std::move(interaction));
    };
    if (habits.systemHistory)
        offer(rest, "history-system");
    for (const std::string& type : types) {
        if (type == "Task" && !habits.keepsTasks)
            continue;
        Json resource = Json::object();
        resource.set("type", type);
        for (const char* code : {"read", "search-type", "create", "update", "delete"})
            offer(resource, code);
        if (habits.typeHistory)
            offer(resource, "history-type");
        if (habits.instanceHistory)
            offer(resource, "history-instance");
        resource.set("versioning", habits.honoursIfMatch ? "versioned-update" : "versioned");
        resource.set("updateCreate", habits.takesClientIds);
        resource.set("conditionalCreate", habits.createsOnce);
        if (habits.lastUpdatedSearch)
            resource.set("searchParam", *Json::parse(R"([{"name":"_lastUpdated","type":"date"}])"));
        rest.arrayAt("resource").append(std::move(resource));
    }
    return {200, {}, statement.dump()};
}

sync::HttpResponse OtherFhirServer::page(const std::string& type, const std::string& id, bool history,
                                         const std::map<std::string, std::string>& query,
                                         const std::string& path)
{
    struct Found
    {
        const Name* name;
        const Version* version;
    };
    std::vector<Found> found;
    for (const auto& [name, versions] : m_records) {
        if ((!type.empty() && name.first != type) || (!id.empty() && name.second != id) ||
            hidden.contains(name.first + "/" + name.second))
            continue;
        for (const Version& version : versions) {
            if (history || (&version == &versions.back() && !version.document.isNull()))
                found.push_back({&name, &version});
        }
    }
    std::string since;
    if (const auto given = query.find("_since"); given != query.end())
        since = given->second;
    if (const auto given = query.find("_lastUpdated"); given != query.end())
        since = given->second.substr(2); // ge
    std::erase_if(found, [&](const Found& one) {
        return (!since.empty() && one.version->lastUpdated < since) ||
               (!history && !matches(one.version->document, query));
    });
    std::sort(found.begin(), found.end(), [&](const Found& a, const Found& b) {
        return history ? a.version->number > b.version->number : a.version->number < b.version->number;
    });
    const auto offset =
        query.contains("_offset") ? static_cast<std::size_t>(std::stoul(query.at("_offset"))) : 0U;
    Json bundle = Json::object();
    bundle.set("resourceType", "Bundle");
    bundle.set("type", history ? "history" : "searchset");
    const auto end = std::min(found.size(), offset + static_cast<std::size_t>(habits.pageEntries));
    if (end < found.size()) {
        std::string url = path + "?_offset=" + std::to_string(end);
        for (const auto& [name, value] : query)
            url += name == "_offset" ? std::string() : "&" + name + "=" + value;
        Json link = Json::object();
        link.set("relation", "next");
        link.set("url", url);
        bundle.arrayAt("link").append(std::move(link));
    }
    for (std::size_t i = offset; i < end; ++i) {
        const auto& [name, version] = found[i];
        Json entry = Json::object();
        if (!version->document.isNull())
            entry.set("resource", version->document);
        if (history) {
            entry.objectAt("request").set("method", version->document.isNull() ? "DELETE" : "PUT");
            entry.objectAt("request").set("url", name->first + "/" + name->second);
            entry.objectAt("response").set("status", version->document.isNull() ? "204" : "200");
            if (habits.namesDeletions || !version->document.isNull())
                entry.objectAt("response").set("etag", "W/\"" + version->id + "\"");
            entry.objectAt("response").set("lastModified", version->lastUpdated);
        }
        bundle.arrayAt("entry").append(std::move(entry));
    }
    return {200, {}, bundle.dump()};
}

sync::HttpResponse OtherFhirServer::read(const Name& name) const
{
    const auto found = m_records.find(name);
    if (found == m_records.end())
        return refusal(404, "not-found");
    if (!found->second.back().document.isNull())
        return stored(name, 200);
    if (!habits.says410)
        return refusal(404, "not-found");
    sync::HttpResponse gone = refusal(410, "deleted");
    if (habits.namesDeletions)
        gone.headers.add("ETag", "W/\"" + found->second.back().id + "\"");
    return gone;
}

sync::HttpResponse OtherFhirServer::stored(const Name& name, int status) const
{
    const Version& version = m_records.at(name).back();
    sync::HttpResponse response;
    response.status = status;
    if (habits.namesDeletions || !version.document.isNull())
        response.headers.add("ETag", "W/\"" + version.id + "\"");
    response.headers.add("Location", "http://other.example/fhir/" + name.first + "/" + name.second +
                                         "/_history/" + version.id);
    if (!version.document.isNull() && !(habits.answersMinimal && status != 200))
        response.body = version.document.dump();
    return response;
}

sync::HttpResponse OtherFhirServer::write(const Name& name, const sync::HttpRequest& request)
{
    const auto found = m_records.find(name);
    const bool isThere = found != m_records.end() && !found->second.back().document.isNull();
    const std::string wanted = sync::versionOfETag(request.headers.find("If-Match"));
    if (habits.honoursIfMatch && !wanted.empty() &&
        (found == m_records.end() || found->second.back().id != wanted))
        return refusal(412, "conflict");
    if (habits.honoursIfMatch && isThere && request.headers.find("If-None-Match") == "*")
        return refusal(412, "conflict");
    if (request.method == sync::Method::Delete) {
        if (!isThere)
            return refusal(404, "not-found");
        remove(name.first, name.second);
        return stored(name, 204);
    }
    if (!isThere && !habits.takesClientIds)
        return refusal(405, "not-supported");
    auto document = Json::parse(request.body);
    if (!document || (*document)["id"].string() != name.second)
        return refusal(400, "invalid");
    if (!knowsReferences(*document))
        return refusal(422, "processing");
    store(name, std::move(*document));
    sync::HttpResponse response = stored(name, isThere ? 200 : 201);
    if (habits.answersMinimal)
        response.body.clear();
    return response;
}

sync::HttpResponse OtherFhirServer::create(const std::string& type, const sync::HttpRequest& request)
{
    if (const std::string_view condition = request.headers.find("If-None-Exist");
        habits.createsOnce && !condition.empty()) {
        for (const auto& [name, versions] : m_records) {
            if (name.first == type && !versions.back().document.isNull() &&
                matches(versions.back().document, queryOf(condition)))
                return stored(name, 200);
        }
    }
    auto document = Json::parse(request.body);
    if (!document || !knowsReferences(*document))
        return refusal(422, "processing");
    const Name name{type, "srv-" + std::to_string(m_count + 1)};
    document->set("id", name.second);
    store(name, std::move(*document));
    sync::HttpResponse response = stored(name, 201);
    if (habits.answersMinimal)
        response.body.clear();
    return response;
}

bool OtherFhirServer::knowsReferences(Json document) const
{
    bool known = true;
    if (habits.checksReferences) {
        fhir::forEachReference(document, [&](std::string& text) {
            const auto reference = fhir::parseReference(text);
            known = known && reference &&
                    m_records.contains({std::string(reference->type), std::string(reference->id)});
        });
    }
    return known;
}

void OtherFhirServer::store(const Name& name, Json document)
{
    const std::int64_t number = ++m_count;
    const std::int64_t step = habits.stampsAlike ? number / 4 * 4 : number;
    Version version;
    version.number = number;
    version.id = std::to_string(m_records[name].size() + 1);
    Instant stamp = *parseInstant("2026-03-02T08:00:00Z") + std::chrono::milliseconds(step * 20'000);
    if (clock)
        stamp = clock();
    if (clock && habits.stampsAlike)
        stamp = Instant(std::chrono::floor<std::chrono::seconds>(stamp.time_since_epoch()));
    version.lastUpdated = formatInstant(stamp);
    if (watches)
        watches(name.first, name.second, document, version.id);
    if (!document.isNull()) {
        document.objectAt("meta").set("versionId", version.id);
        document.objectAt("meta").set("lastUpdated", version.lastUpdated);
        if (habits.rewrites)
            document.set("language", "en");
        if (habits.stripsTags)
            document.objectAt("meta").remove("tag");
    }
    version.document = std::move(document);
    m_records[name].push_back(std::move(version));
}

std::string OtherFhirServer::put(Json document)
{
    const Name name{std::string(document["resourceType"].string()), std::string(document["id"].string())};
    store(name, std::move(document));
    return m_records.at(name).back().id;
}

void OtherFhirServer::remove(const std::string& type, const std::string& id)
{
    store({type, id}, Json());
}

void OtherFhirServer::forget(const std::string& type, const std::string& id)
{
    m_records.erase({type, id});
}

Json OtherFhirServer::present(const std::string& type, const std::string& id) const
{
    const auto found = m_records.find({type, id});
    return found == m_records.end() ? Json() : found->second.back().document;
}

std::size_t OtherFhirServer::versionsOf(const std::string& type, const std::string& id) const
{
    const auto found = m_records.find({type, id});
    return found == m_records.end() ? 0 : found->second.size();
}

std::vector<std::string> OtherFhirServer::idsOf(const std::string& type) const
{
    std::vector<std::string> ids;
    for (const auto& [name, versions] : m_records) {
        if (name.first == type && !versions.back().document.isNull())
            ids.push_back(name.second);
    }
    return ids;
}

bool OtherFhirServer::matches(const Json& document, const std::map<std::string, std::string>& query) const
{
    if (habits.searchesLag && (query.contains("identifier") || query.contains("_tag")))
        return false;
    const auto has = [](const Json& list, std::string_view member, const std::string& wanted) {
        return std::any_of(list.items().begin(), list.items().end(), [&](const Json& item) {
            return std::string(item["system"].string()) + "|" + std::string(item[member].string()) == wanted;
        });
    };
    if (const auto wanted = query.find("identifier");
        wanted != query.end() && !has(document["identifier"], "value", wanted->second))
        return false;
    const auto tag = query.find("_tag");
    return tag == query.end() || !habits.findsByTag || has(document["meta"]["tag"], "code", tag->second);
}

} // namespace yarrow::testing
