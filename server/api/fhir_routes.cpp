// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/fhir_routes.h"

#include "server/api/fhir_read.h"
#include "server/api/fhir_write.h"
#include "server/fhir/capability_statement.h"
#include "server/records/history.h"

namespace yarrow::server::api {
namespace {

const std::vector<std::string_view>& nothing()
{
    static const std::vector<std::string_view> names;
    return names;
}

const std::vector<std::string_view>& ofHistories()
{
    static const std::vector<std::string_view> names{"_since", "_count", "_sort", "_page"};
    return names;
}

Result<Response> getRecord(Call& call)
{
    if (const auto parameters = parametersOf(call.request, &nothing()); !parameters)
        return tl::unexpected(parameters.error());
    return readRecord(readingOf(call), call.path["type"], call.path["id"]);
}

Result<Response> getVersion(Call& call)
{
    if (const auto parameters = parametersOf(call.request, &nothing()); !parameters)
        return tl::unexpected(parameters.error());
    return readRecordVersion(readingOf(call), call.path["type"], call.path["id"], call.path["version"]);
}

/// Of the clinic, a type or a record, as the path says.
Result<Response> getHistory(Call& call)
{
    const auto parameters = parametersOf(call.request, &ofHistories());
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
                    .handler = std::move(handler),
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
