// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/export_routes.h"

#include "server/audit/server_audit.h"
#include "server/fhir/document.h"
#include "server/jobs/export.h"
#include "server/jobs/gzip.h"
#include "server/json/json_document.h"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <sstream>

namespace yarrow::server::api {

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

constexpr int kRetryAfter = 2; // seconds until asking for the status again makes sense
constexpr std::string_view kNdjson = "application/fhir+ndjson";

std::string ownerOf(const Principal& caller)
{
    return caller.kind == Principal::Kind::Device ? "device/" + caller.device : "account/" + caller.account;
}

std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

/// Whether one of the comma-parted items of the header is `wanted`, or `wanted` and then parameters.
bool headerHas(const Request& request, std::string_view header, std::string_view wanted)
{
    for (const auto& [name, value] : request.headers.fields()) {
        if (lowerCase(name) != header)
            continue;
        std::istringstream items(lowerCase(value));
        for (std::string item; std::getline(items, item, ',');) {
            item.erase(0, item.find_first_not_of(' '));
            item.erase(std::min(item.find_first_of("; "), item.size()));
            if (item == wanted)
                return true;
        }
    }
    return false;
}

/// Of a query, or of a Parameters resource as the body of a POST.
Result<Parameters> parametersOf(const Request& request)
{
    Parameters parameters = parseForm(request.query);
    if (request.body.empty())
        return parameters;
    const Result<JsonDocument> body = JsonDocument::parse(request.body);
    if (!body)
        return tl::unexpected(body.error());
    if (body->root()["resourceType"].string() != "Parameters")
        return refuse(400, "bad-parameter", "The body of an export has to be a Parameters resource.");
    for (const JsonView parameter : body->root()["parameter"].items()) {
        for (const auto& [member, value] : parameter.members()) {
            if (member.starts_with("value"))
                parameters.emplace_back(parameter["name"].string(), value.string());
        }
    }
    return parameters;
}

Result<void> addTypes(std::set<std::string>& types, const std::string& value, bool lenient)
{
    std::istringstream stream(value);
    for (std::string type; std::getline(stream, type, ',');) {
        if (fhir::isStoredType(type))
            types.insert(type);
        else if (!lenient)
            return refuse(400, "bad-parameter", "_type names something that is no type of this server.");
    }
    if (types.empty())
        return refuse(400, "bad-parameter", "_type names no type of this server.");
    return {};
}

/// YYYY-MM-DDThh:mm:ss, decimals, and a zone. Whether there is such a day says PostgreSQL.
bool looksLikeInstant(std::string_view text)
{
    constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() <= kShape.size())
        return false;
    for (std::size_t i = 0; i < kShape.size(); ++i) {
        if (kShape[i] == 'd' ? !isDigit(text[i]) : text[i] != kShape[i])
            return false;
    }
    text.remove_prefix(kShape.size());
    if (text.front() == '.') {
        text.remove_prefix(1);
        while (!text.empty() && isDigit(text.front()))
            text.remove_prefix(1);
    }
    return text == "Z" || (text.size() == 6 && (text[0] == '+' || text[0] == '-') && isDigit(text[1]) &&
                           isDigit(text[2]) && text[3] == ':' && isDigit(text[4]) && isDigit(text[5]));
}

Result<jobs::ExportRequest> readRequest(const Call& call)
{
    const Request& request = call.request;
    if (!headerHas(request, "prefer", "respond-async"))
        return refuse(400, "respond-async-required", "An export needs the header Prefer: respond-async.");
    const bool lenient = headerHas(request, "prefer", "handling=lenient");
    const Result<Parameters> parameters = parametersOf(request);
    if (!parameters)
        return tl::unexpected(parameters.error());
    jobs::ExportRequest wanted;
    wanted.owner = ownerOf(call.principal());
    wanted.areas = call.principal().areas;
    wanted.url = request.baseUrl + request.path + (request.query.empty() ? "" : "?" + request.query);
    for (const auto& [name, value] : *parameters) {
        if (name == "_outputFormat") {
            constexpr std::array<std::string_view, 3> kFormats = {kNdjson, "application/ndjson", "ndjson"};
            if (std::find(kFormats.begin(), kFormats.end(), value) == kFormats.end())
                return refuse(400, "bad-parameter", "_outputFormat can only be application/fhir+ndjson.");
        } else if (name == "_type") {
            if (const Result<void> added = addTypes(wanted.types, value, lenient); !added)
                return tl::unexpected(added.error());
        } else if (name == "_since") {
            if (!looksLikeInstant(value))
                return refuse(400, "bad-parameter", "_since is no instant.");
            wanted.since = value;
        } else if (!lenient) {
            return refuse(400, "unknown-parameter",
                          "An export knows _outputFormat, _type and _since; Prefer: handling=lenient leaves "
                          "out others.");
        }
    }
    return wanted;
}

audit::Event eventOf(const Principal& caller, const std::string& id)
{
    audit::Event event{"export", "health-data"};
    event.account = caller.account;
    event.role = caller.role ? roleCode(*caller.role) : "";
    event.device = caller.device;
    event.detail = id;
    return event;
}

Result<Response> start(Call& call)
{
    const Result<jobs::ExportRequest> wanted = readRequest(call);
    if (!wanted)
        return tl::unexpected(wanted.error());
    db::Transaction transaction(call.db, call.principal().tenant);
    const Result<std::string> id = jobs::startExport(transaction, *wanted);
    if (!id)
        return tl::unexpected(id.error());
    audit::append(transaction, eventOf(call.principal(), *id));
    transaction.commit();
    Response response;
    response.status = 202;
    response.headers.add("Content-Location", call.request.baseUrl + "/fhir/$export-status/" + *id);
    response.headers.add("Retry-After", std::to_string(kRetryAfter));
    return response;
}

Result<jobs::Export> wantedExport(db::Transaction& transaction, Call& call)
{
    std::optional<jobs::Export> found =
        jobs::findExport(transaction, call.path.at("id"), ownerOf(call.principal()));
    if (!found || found->job.state == jobs::State::Cancelled)
        return refuse(404, "no-such-export", "There is no such export, or it has expired.");
    return *std::move(found);
}

std::string httpDate(std::int64_t seconds)
{
    const auto time = static_cast<std::time_t>(seconds);
    std::tm utc = {};
    gmtime_r(&time, &utc);
    std::array<char, 64> text = {};
    return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

Result<Response> status(Call& call)
{
    db::Transaction transaction(call.db, call.principal().tenant, db::Isolation::RepeatableRead, true);
    const Result<jobs::Export> found = wantedExport(transaction, call);
    if (!found)
        return tl::unexpected(found.error());
    Response response;
    switch (found->job.state) {
    case jobs::State::Done:
        break;
    case jobs::State::Dead:
        return refuse(500, "export-failed", "The export failed: " + found->job.lastError);
    default:
        response.status = 202;
        response.headers.add("X-Progress",
                             found->job.progress.empty() ? "waiting to begin" : found->job.progress);
        response.headers.add("Retry-After", std::to_string(kRetryAfter));
        return response;
    }
    if (found->lost)
        return refuse(500, "export-lost",
                      "The files were lost when the database was restarted; export again.");
    response.headers.add("Content-Type", "application/json");
    response.headers.add("Expires", httpDate(found->expires));
    response.headers.add("Cache-Control", "no-store");
    response.body = exportManifest(*found, call.request.baseUrl);
    return response;
}

Result<Response> remove(Call& call)
{
    db::Transaction transaction(call.db, call.principal().tenant);
    const Result<jobs::Export> found = wantedExport(transaction, call);
    if (!found)
        return tl::unexpected(found.error());
    jobs::removeExport(transaction, *found);
    transaction.commit();
    Response response;
    response.status = 202;
    return response;
}

Result<Response> file(Call& call)
{
    db::Transaction transaction(call.db, call.principal().tenant, db::Isolation::RepeatableRead, true);
    const Result<jobs::Export> found = wantedExport(transaction, call);
    if (!found)
        return tl::unexpected(found.error());
    if (!call.principal().areas.contains(found->request.areas))
        return refuse(403, "scope-changed", "Less may be read now than when the export began; export again.");
    const std::string& number = call.path.at("n");
    int n = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), n);
    std::optional<std::string> packed;
    if (error == std::errc() && end == number.data() + number.size() && found->job.state == jobs::State::Done)
        packed = jobs::readExportFile(transaction, *found, n);
    if (!packed)
        return refuse(404, "no-such-export", "The export has no such file.");
    Response response;
    response.headers.add("Content-Type", std::string(kNdjson));
    response.headers.add("Cache-Control", "no-store");
    response.headers.add("Vary", "Accept-Encoding");
    if (headerHas(call.request, "accept-encoding", "gzip")) {
        response.headers.add("Content-Encoding", "gzip");
        response.body = *std::move(packed);
    } else {
        response.body = jobs::gunzip(*packed);
    }
    return response;
}

} // namespace

std::string exportManifest(const jobs::Export& found, const std::string& baseUrl)
{
    boost::json::array output;
    boost::json::array deleted;
    for (const jobs::Export::File& file : found.files)
        (file.deletions ? deleted : output)
            .push_back(boost::json::object(
                {{"type", file.type},
                 {"url", baseUrl + "/fhir/$export-file/" + found.id + '/' + std::to_string(file.n)},
                 {"count", file.records}}));
    boost::json::object manifest = {
        {"transactionTime", found.transactionTime},
        {"request", found.request.url},
        {"requiresAccessToken", true},
        {"output", std::move(output)},
        {"deleted", std::move(deleted)},
        {"error", boost::json::array()},
        // Whose records these are: the feed goes on from transactionTime in this epoch and this scope.
        {"extension",
         {{"https://yarrow.example/fhir/epoch", found.epoch},
          {"https://yarrow.example/fhir/scope", scopeIdOf(found.request.areas)}}},
    };
    return boost::json::serialize(manifest);
}

void addExportRoutes(Router& router)
{
    const auto add = [&router](const char* method, const char* pattern, Handler handler) {
        router.add({method, pattern, std::move(handler), Route::Access::Token, Route::Traffic::Sync});
    };
    add("GET", "/fhir/$export", start);
    add("POST", "/fhir/$export", start);
    add("GET", "/fhir/$export-status/{id}", status);
    add("DELETE", "/fhir/$export-status/{id}", remove);
    add("GET", "/fhir/$export-file/{id}/{n}", file);
}

} // namespace yarrow::server::api
