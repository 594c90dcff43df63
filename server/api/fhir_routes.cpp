// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/fhir_routes.h"

#include "server/api/fhir_read.h"
#include "server/api/fhir_write.h"
#include "server/fhir/capability_statement.h"
#include "server/records/history.h"

#include <algorithm>

namespace yarrow::server::api {
namespace {

bool namesEpoch(const Problem& problem)
{
    return std::any_of(problem.headers.begin(), problem.headers.end(),
                       [](const auto& header) { return header.first == "Yarrow-Epoch"; });
}

/// Every answer to somebody we know names the epoch, a refusal as well.
Handler namingEpoch(Handler handler)
{
    return [handler = std::move(handler)](Call& call) -> Result<Response> {
        Result<Response> answer = handler(call);
        if (answer && answer->headers.contains("Yarrow-Epoch"))
            return answer;
        if (!answer && namesEpoch(answer.error()))
            return answer;
        db::Transaction work(call.db, call.principal().tenant, db::Isolation::ReadCommitted, true);
        const std::string epoch = records::readClinic(work).epoch;
        if (answer)
            answer->headers.add("Yarrow-Epoch", epoch);
        else
            answer.error().headers.emplace_back("Yarrow-Epoch", epoch);
        return answer;
    };
}

Result<Response> getRecord(Call& call)
{
    if (const auto parameters = parametersOf(call.request, &noParameters()); !parameters)
        return tl::unexpected(parameters.error());
    return readRecord(readingOf(call), call.path["type"], call.path["id"]);
}

Result<Response> getVersion(Call& call)
{
    if (const auto parameters = parametersOf(call.request, &noParameters()); !parameters)
        return tl::unexpected(parameters.error());
    return readRecordVersion(readingOf(call), call.path["type"], call.path["id"], call.path["version"]);
}

/// Of the clinic, a type or a record, as the path says.
Result<Response> getHistory(Call& call)
{
    const auto parameters = parametersOf(call.request, &historyParameters());
    if (!parameters)
        return tl::unexpected(parameters.error());
    // A client that knows more than the server shows that the server was restored; it then finds the new
    // epoch in the feed it asked for.
    if (call.request.headers.contains("Yarrow-Seen"))
        records::noticeClientAhead(call.db, call.principal(), call.request.headers.find("Yarrow-Seen"));
    return readHistory(readingOf(call), call.path["type"], call.path["id"], *parameters);
}

Result<Response> getSearch(Call& call)
{
    const auto parameters = parametersOf(call.request);
    if (!parameters)
        return tl::unexpected(parameters.error());
    return search(readingOf(call), call.path["type"], *parameters);
}

/// The same with the parameters in the body, which keeps names out of logs on the way.
Result<Response> postSearch(Call& call)
{
    auto parameters = parametersOf(call.request);
    if (!parameters)
        return tl::unexpected(parameters.error());
    if (!call.request.headers.find("Content-Type").starts_with("application/x-www-form-urlencoded"))
        return refuse(415, "form-only", "A search by POST has a body of application/x-www-form-urlencoded.");
    for (auto& parameter : parseForm(call.request.body))
        parameters->push_back(std::move(parameter));
    return search(readingOf(call), call.path["type"], *parameters);
}

} // namespace

void addFhirRoutes(Router& router, const FhirServices& services)
{
    const auto add = [&](const char* method, const char* pattern, Handler handler) {
        router.add({.method = method,
                    .pattern = pattern,
                    .handler = namingEpoch(std::move(handler)),
                    .access = Route::Access::Token,
                    .traffic = Route::Traffic::Sync});
    };
    router.add({.method = "GET",
                .pattern = "/fhir/metadata",
                .handler = [services](Call& call) -> Result<Response> {
                    if (const auto parameters = parametersOf(call.request); !parameters)
                        return tl::unexpected(parameters.error());
                    return fhirAnswer(200, fhir::capabilityStatement(call.request.baseUrl, services.version,
                                                                     services.started));
                },
                .access = Route::Access::Public});
    add("GET", "/fhir/_history", getHistory);
    add("GET", "/fhir/{type}/_history", getHistory);
    add("GET", "/fhir/{type}/{id}/_history", getHistory);
    add("GET", "/fhir/{type}/{id}/_history/{version}", getVersion);
    add("GET", "/fhir/{type}", getSearch);
    add("POST", "/fhir/{type}/_search", postSearch);
    add("GET", "/fhir/{type}/{id}", getRecord);

    const auto writing = [&](Result<Response> (*handler)(Call&, const FhirServices&)) {
        return [handler, services](Call& call) { return handler(call, services); };
    };
    add("POST", "/fhir", writing(postBundle));
    add("POST", "/fhir/{type}", writing(postRecord));
    add("PUT", "/fhir/{type}/{id}", writing(putRecord));
    add("DELETE", "/fhir/{type}/{id}", writing(deleteRecord));
}

} // namespace yarrow::server::api
