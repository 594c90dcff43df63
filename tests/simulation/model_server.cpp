// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/model_server.h"

#include "server/api/audit_exchange.h"
#include "server/api/fhir_bundles.h"
#include "server/api/fhir_exchange.h"
#include "server/api/json_answer.h"
#include "server/fhir/outcome.h"
#include "server/fhir/time_range.h"
#include "server/http/problem_response.h"
#include "server/records/epoch.h"
#include "server/records/instant.h"

#include <algorithm>
#include <charconv>

namespace yarrow::simulation {

using server::Problem;
using server::refuse;
using server::Response;
using server::api::ResponseEntry;
using server::fhir::WriteEntry;
using server::records::Version;
using server::records::WriteResult;
using Wanted = server::api::Preferences::Return;

namespace {

std::string shownAs(const std::string& type, const std::string& id, const std::string& versionId)
{
    return type + "/" + id + " " + versionId;
}

std::vector<std::string> partsOf(std::string_view path)
{
    std::vector<std::string> parts;
    while (!path.empty()) {
        const std::size_t slash = std::min(path.find('/'), path.size());
        if (slash > 0)
            parts.emplace_back(path.substr(0, slash));
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return parts;
}

server::Request requestOf(const sync::HttpRequest& request)
{
    server::Request out;
    out.method = sync::methodName(request.method);
    std::string_view url = request.url;
    if (url.starts_with(ModelServer::kAddress))
        url.remove_prefix(std::string_view(ModelServer::kAddress).size());
    const std::size_t mark = std::min(url.find('?'), url.size());
    out.path = std::string(url.substr(0, mark));
    if (!out.path.starts_with('/'))
        out.path.insert(0, 1, '/');
    out.query = mark < url.size() ? std::string(url.substr(mark + 1)) : std::string();
    for (const auto& [name, value] : request.headers.fields())
        out.headers.add(name, value);
    out.body = request.body;
    out.id = "model";
    out.baseUrl = ModelServer::kAddress;
    return out;
}

server::Result<server::records::HistoryQuery> historyQueryOf(std::string_view text)
{
    server::records::HistoryQuery query;
    for (const auto& [name, value] : server::parseForm(text)) {
        std::int64_t number = 0;
        const auto parsed = std::from_chars(value.data(), value.data() + value.size(), number);
        const bool isNumber = parsed.ec == std::errc() && parsed.ptr == value.data() + value.size();
        if (name == "_count") {
            if (!isNumber || number < 0)
                return refuse(400, "bad-parameter", "The parameter _count is a whole number, 0 or more.",
                              "_count");
            constexpr std::int64_t kMaxCount = 1000;
            query.count = static_cast<int>(std::clamp(number, std::int64_t{1}, kMaxCount));
        } else if (name == "_since") {
            const auto range = server::fhir::parseTime(value);
            if (!range)
                return refuse(400, "bad-parameter", "The parameter _since is no FHIR instant.", "_since");
            query.since = range->from;
        } else if (name == "_sort") {
            if (value != "_lastUpdated" && value != "-_lastUpdated")
                return refuse(400, "bad-parameter", "A history is sorted by _lastUpdated or -_lastUpdated.",
                              "_sort");
            query.ascending = value == "_lastUpdated";
        } else if (name == "_page") {
            if (!isNumber || number < 1)
                return refuse(400, "bad-page", "The parameter _page is no page of this history.", "_page");
            query.after = number;
        } else {
            return refuse(400, "unknown-parameter", "The parameter " + name + " is not known here.", name);
        }
    }
    return query;
}

std::string urlOf(const std::string& path, const std::vector<std::pair<std::string, std::string>>& parameters)
{
    std::string url = path;
    char separator = '?';
    for (const auto& [name, value] : parameters) {
        url.append(1, separator).append(server::percentEncode(name));
        url.append("=").append(server::percentEncode(value));
        separator = '&';
    }
    return url;
}

ResponseEntry refused(const Problem& problem)
{
    ResponseEntry entry;
    entry.status = problem.status;
    entry.outcome = server::fhir::outcomeOf(problem);
    return entry;
}

ResponseEntry done(const WriteResult& result, Wanted wanted)
{
    ResponseEntry entry;
    entry.status = result.status;
    entry.location = result.type + "/" + result.id + "/_history/" + result.versionId;
    entry.versionId = result.versionId;
    entry.lastUpdated = result.lastUpdated;
    if (wanted == Wanted::Representation)
        entry.resource = result.body;
    else if (wanted == Wanted::OperationOutcome)
        entry.outcome = server::fhir::informationOf({"Done."});
    return entry;
}

Problem failureOf(Problem problem, std::size_t index)
{
    const std::string place = "Bundle.entry[" + std::to_string(index) + "]";
    problem.detail = place + ": " + problem.detail;
    problem.expression =
        problem.expression.empty() ? place : place + ".resource.ofType(" + problem.expression + ")";
    return problem;
}

} // namespace

ModelAnswer ModelServer::handle(const std::string& device, const sync::HttpRequest& request, std::int64_t now)
{
    ModelAnswer answer;
    const server::Request received = requestOf(request);
    const auto found = devices.find(device);
    Answer result = refuse(401, "token-invalid", "The token is none of this server's.");
    if (found != devices.end() && !found->second.revoked)
        result = route({found->second, received, now, answer.shown});
    const Response response = result ? std::move(*result) : server::problemResponse(result.error(), received);
    answer.response.status = response.status;
    for (const auto& [name, value] : response.headers.fields())
        answer.response.headers.add(name, value);
    const bool isAdmitted = found != devices.end() && !found->second.revoked;
    if (isAdmitted && received.path.starts_with("/fhir") && !response.headers.contains("Yarrow-Epoch"))
        answer.response.headers.add("Yarrow-Epoch", records.epoch()); // refusals name it as well
    answer.response.body = response.body;
    return answer;
}

ModelServer::Answer ModelServer::route(const Call& call)
{
    const std::vector<std::string> parts = partsOf(call.request.path);
    const std::string& method = call.request.method;
    if (parts.size() > 3 && parts[0] == "api" && parts[2] == "audit")
        return routeAudit(call, parts);
    if (parts.empty() || parts[0] != "fhir")
        return refuse(404, "no-such-path", "Nothing is served under this path.");
    if (method == "GET" && parts.size() > 1 && parts[1].starts_with("$export"))
        return routeExport(call, parts);
    if (method == "GET" && parts.size() > 1)
        return read(call, std::string_view(call.request.path).substr(std::string_view("/fhir/").size()),
                    call.request.query);
    if (method == "POST" && parts.size() == 1)
        return postBundle(call);
    if (method == "PUT" && parts.size() == 3)
        return writeOne(call, WriteEntry::Method::Update, parts[1], parts[2]);
    if (method == "DELETE" && parts.size() == 3)
        return writeOne(call, WriteEntry::Method::Delete, parts[1], parts[2]);
    return refuse(404, "no-such-path", "Nothing is served under this path.");
}

ModelServer::Answer ModelServer::routeAudit(const Call& call, const std::vector<std::string>& parts)
{
    const std::string& method = call.request.method;
    if (method == "POST" && parts.size() == 4 && parts[3] == "entries") {
        const auto upload = server::api::readAuditUpload(call.request);
        if (!upload)
            return tl::unexpected(upload.error());
        const auto intake = records.audit.take(call.device.id, *upload, server::instantOf(call.now));
        if (!intake)
            return tl::unexpected(intake.error());
        return server::api::jsonAnswer(200, server::api::jsonOf(*intake));
    }
    if (method == "GET" && parts.size() == 5 && parts[3] == "chains") {
        const server::audit::ChainState* chain = records.audit.find(parts[4]);
        if (!chain)
            return refuse(404, "no-such-chain", "There is no audit chain of this incarnation.");
        if (chain->device != call.device.id)
            return refuse(403, "author-required", "Only an administrator is shown it, and its workstation.");
        return server::api::jsonAnswer(200, server::api::jsonOf(*chain));
    }
    return refuse(404, "no-such-path", "The model serves nothing under this path.");
}

ModelServer::Answer ModelServer::read(const Call& call, std::string_view path, std::string_view query)
{
    const std::vector<std::string> parts = partsOf(path);
    const auto is = [&](std::size_t place, std::string_view text) {
        return parts.size() > place && parts[place] == text;
    };
    if (parts.size() == 1 && is(0, "_history"))
        return readHistory(call, {}, {}, query);
    if (parts.size() == 2 && is(1, "_history"))
        return readHistory(call, parts[0], {}, query);
    if (parts.size() == 3 && is(2, "_history"))
        return readHistory(call, parts[0], parts[1], query);
    const bool isVersion = parts.size() == 4 && is(2, "_history");
    if (parts.size() != 2 && !isVersion)
        return refuse(404, "no-such-path", "The model serves nothing under this path.");

    const auto version = isVersion ? records.readVersion(parts[0], parts[1], parts[3], call.device.areas)
                                   : records.readPresent(parts[0], parts[1], call.device.areas);
    if (!version)
        return refuse(404, "not-found", "There is no " + parts[0] + "/" + parts[1] + ".");
    call.shown.push_back(shownAs(version->type, version->id, version->versionId));
    if (version->method == "delete") {
        auto gone = refuse(410, "deleted", version->type + "/" + version->id + " has been deleted.");
        gone.value().headers.emplace_back("ETag", "W/\"" + version->versionId + "\"");
        gone.value().headers.emplace_back("Yarrow-Author", version->author);
        return gone;
    }
    Response response =
        server::api::versionAnswer(200, version->versionId, version->lastUpdated, version->body);
    response.headers.add("Yarrow-Author", version->author);
    response.headers.add("Yarrow-Epoch", records.epoch());
    return response;
}

ModelServer::Answer ModelServer::readHistory(const Call& call, const std::string& type, const std::string& id,
                                             std::string_view queryText)
{
    if (call.request.headers.contains("Yarrow-Seen"))
        records.noticeClientAhead(call.request.headers.find("Yarrow-Seen"));
    auto query = historyQueryOf(queryText);
    if (!query)
        return tl::unexpected(query.error());
    query->type = type;
    query->id = id;
    const auto page = records.readHistory(*query, call.device.areas);
    if (!page)
        return tl::unexpected(page.error());
    if (!id.empty() && page->versions.empty() && !query->after && !query->since)
        return refuse(404, "not-found", "There is no " + type + "/" + id + ".");

    for (const Version& version : page->versions) {
        if (!version.outOfScope)
            call.shown.push_back(shownAs(version.type, version.id, version.versionId));
    }
    std::string path = std::string(kAddress) + "/fhir";
    for (const std::string& part : {type, id})
        path.append(part.empty() ? "" : "/").append(part);
    path += "/_history";
    auto parameters = server::parseForm(queryText);
    std::vector<server::api::Link> links{{"self", urlOf(path, parameters)}};
    if (page->next) {
        std::erase_if(parameters, [](const auto& parameter) { return parameter.first == "_page"; });
        parameters.emplace_back("_page", std::to_string(*page->next));
        links.push_back({"next", urlOf(path, parameters)});
    }
    Response response = server::api::fhirAnswer(
        200, server::api::historyBundle(*page, links, server::scopeIdOf(call.device.areas),
                                        std::string(kAddress) + "/fhir"));
    response.headers.add("Yarrow-Epoch", page->head.epoch);
    return response;
}

server::Result<server::records::WriteOutcome>
ModelServer::write(const Call& call, std::vector<WriteEntry> entries, bool transaction)
{
    if (call.request.headers.contains("Yarrow-Seen"))
        records.noticeClientAhead(call.request.headers.find("Yarrow-Seen"));
    const std::int64_t before = records.seq();
    auto outcome = records.write(call.device, std::move(entries), transaction,
                                 call.request.headers.find("Yarrow-Epoch"), call.now);
    if (!outcome)
        return outcome;
    for (const WriteResult& result : outcome->results) {
        if (!result.problem)
            call.shown.push_back(shownAs(result.type, result.id, result.versionId));
    }
    if (records.seq() > before && stored)
        stored(before + 1, records.seq());
    return outcome;
}

ModelServer::Answer ModelServer::writeOne(const Call& call, WriteEntry::Method method,
                                          const std::string& type, const std::string& id)
{
    WriteEntry entry;
    entry.method = method;
    entry.type = type;
    entry.id = id;
    entry.operation = call.request.headers.find("Yarrow-Operation");
    entry.author = call.request.headers.find("Yarrow-Author");
    if (call.request.headers.contains("If-Match")) {
        entry.ifMatch = server::fhir::versionOfETag(call.request.headers.find("If-Match"));
        if (!entry.ifMatch)
            return refuse(400, "bad-header", "If-Match is no entity tag: W/\"version\".");
    }
    entry.ifNoneMatch = call.request.headers.contains("If-None-Match");
    if (method != WriteEntry::Method::Delete) {
        const auto json = server::api::bodyOf(call.request);
        if (!json)
            return tl::unexpected(json.error());
        auto document = server::fhir::readDocument(json->root());
        if (!document)
            return tl::unexpected(document.error());
        if (document->type != type || document->id != id)
            return refuse(400, "wrong-id", "The document's id is not the one in the path.", type + ".id");
        entry.document = std::move(*document);
    }
    std::vector<WriteEntry> entries;
    entries.push_back(std::move(entry));
    auto outcome = write(call, std::move(entries), false);
    if (!outcome)
        return tl::unexpected(std::move(outcome.error()));
    WriteResult& result = outcome->results.front();
    if (result.problem) {
        result.problem->headers.emplace_back("Yarrow-Epoch", outcome->epoch);
        return tl::unexpected(std::move(*result.problem));
    }
    const Wanted wanted = server::api::preferencesOf(call.request).wanted;
    std::string body = result.status == 204 || wanted == Wanted::Minimal ? std::string() : result.body;
    Response response =
        server::api::versionAnswer(result.status, result.versionId, result.lastUpdated, std::move(body));
    if (result.status == 201)
        response.headers.add("Location", std::string(kAddress) + "/fhir/" + result.type + "/" + result.id +
                                             "/_history/" + result.versionId);
    response.headers.add("Yarrow-Epoch", outcome->epoch);
    return response;
}

ModelServer::Answer ModelServer::postBundle(const Call& call)
{
    const auto json = server::api::bodyOf(call.request);
    if (!json)
        return tl::unexpected(json.error());
    auto bundle = server::fhir::readBundle(*json);
    if (!bundle)
        return tl::unexpected(bundle.error());
    std::vector<WriteEntry> writes;
    for (std::size_t i = 0; i < bundle->entries.size(); ++i) {
        server::fhir::BundleEntry& entry = bundle->entries[i];
        if (entry.problem && bundle->transaction)
            return tl::unexpected(failureOf(std::move(*entry.problem), i));
        if (entry.write)
            writes.push_back(std::move(*entry.write));
    }
    server::Result<server::records::WriteOutcome> outcome;
    if (!writes.empty()) {
        outcome = write(call, std::move(writes), bundle->transaction);
        if (!outcome)
            return tl::unexpected(std::move(outcome.error()));
    }
    const Wanted wanted = server::api::preferencesOf(call.request).wanted;
    std::vector<ResponseEntry> answers;
    std::size_t written = 0;
    for (std::size_t i = 0; i < bundle->entries.size(); ++i) {
        const server::fhir::BundleEntry& entry = bundle->entries[i];
        if (entry.problem) {
            answers.push_back(refused(*entry.problem));
        } else if (entry.write) {
            const WriteResult& result = outcome->results[written++];
            if (result.problem && bundle->transaction && result.problem->status != 424)
                return tl::unexpected(failureOf(*result.problem, i));
            answers.push_back(result.problem ? refused(*result.problem) : done(result, wanted));
        } else {
            const std::string_view url = entry.read;
            const std::size_t mark = std::min(url.find('?'), url.size());
            auto answer = read(call, url.substr(0, mark),
                               mark < url.size() ? url.substr(mark + 1) : std::string_view());
            if (!answer) {
                answers.push_back(refused(answer.error()));
                continue;
            }
            ResponseEntry found;
            found.status = answer->status;
            if (const std::string_view etag = answer->headers.find("ETag"); !etag.empty())
                found.versionId = server::fhir::versionOfETag(etag).value_or(std::string());
            found.resource = std::move(answer->body);
            answers.push_back(std::move(found));
        }
    }
    Response response =
        server::api::fhirAnswer(200, server::api::responseBundle(answers, bundle->transaction));
    if (!outcome->epoch.empty())
        response.headers.add("Yarrow-Epoch", outcome->epoch);
    return response;
}

} // namespace yarrow::simulation
