// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/capability_statement.h"

#include "server/fhir/outcome.h"
#include "server/fhir/resource_types.h"
#include "server/fhir/search_query.h"

#include <initializer_list>

namespace yarrow::server::fhir {
namespace {

constexpr std::string_view kWebSocket =
    "http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket";
constexpr std::string_view kOAuthUris =
    "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";

/// "name":"value"
std::string text(std::string_view name, std::string_view value)
{
    return fhir::quoted(name) + ':' + fhir::quoted(value);
}

std::string interactions(std::initializer_list<std::string_view> codes)
{
    std::string list;
    for (const std::string_view code : codes)
        list += (list.empty() ? "{" : ",{") + text("code", code) + '}';
    return R"("interaction":[)" + list + ']';
}

std::string resource(std::string_view type)
{
    std::string parameters;
    for (const auto& [name, kind] : searchParametersOf(type))
        parameters += (parameters.empty() ? "{" : ",{") + text("name", name) + ',' + text("type", kind) + '}';
    return '{' + text("type", type) + ',' +
           interactions({"read", "vread", "update", "delete", "history-instance", "history-type", "create",
                         "search-type"}) +
           R"(,"versioning":"versioned-update","readHistory":true,"updateCreate":true,"conditionalCreate":true,)"
           R"("conditionalRead":"not-supported","conditionalUpdate":false,"conditionalDelete":"not-supported",)"
           R"("searchParam":[)" +
           parameters + "]}";
}

/// Kept beside the records: without histories, and each for who made it.
std::string subscription()
{
    return R"({"type":"Subscription",)" +
           interactions({"read", "update", "delete", "create", "search-type"}) +
           R"(,"versioning":"versioned","readHistory":false,"updateCreate":true,"conditionalCreate":false,)"
           R"("conditionalRead":"not-supported","conditionalUpdate":false,"conditionalDelete":"not-supported"})";
}

std::string security(std::string_view baseUrl)
{
    return R"({"extension":[{)" + text("url", kOAuthUris) + R"(,"extension":[{"url":"token",)" +
           text("valueUri", std::string(baseUrl) + "/auth/token") +
           R"(}]}],"cors":false,"service":[{"coding":[{)"
           R"("system":"http://terminology.hl7.org/CodeSystem/restful-security-service","code":"SMART-on-FHIR"}]}],)"
           R"("description":"SMART Backend Services: a workstation signs in with an assertion of its own key."})";
}

/// The same place over WebSocket.
std::string webSocketUrl(std::string_view baseUrl)
{
    constexpr std::string_view kHttp = "http"; // https becomes wss
    const std::string_view rest = baseUrl.starts_with(kHttp) ? baseUrl.substr(kHttp.size()) : baseUrl;
    return "ws" + std::string(rest) + "/fhir/ws";
}

} // namespace

std::string capabilityStatement(std::string_view baseUrl, std::string_view version, std::string_view date)
{
    std::string resources;
    for (const std::string_view type : storedTypes())
        resources += resource(type) + ',';
    resources += subscription();
    return R"({"resourceType":"CapabilityStatement","name":"YarrowServer","title":"Yarrow server",)"
           R"("status":"active","kind":"instance",)" +
           text("date", date) + ',' + text("version", version) + R"(,"software":{"name":"yarrow-server",)" +
           text("version", version) +
           R"(},"implementation":{"description":"The central backend of a clinic",)" +
           text("url", std::string(baseUrl) + "/fhir") +
           R"(},"fhirVersion":"4.0.1","format":["application/fhir+json","json"],"rest":[{"extension":[{)" +
           text("url", kWebSocket) + ',' + text("valueUri", webSocketUrl(baseUrl)) +
           R"(}],"mode":"server","security":)" + security(baseUrl) + R"(,"resource":[)" + resources + "]," +
           interactions({"transaction", "batch", "history-system"}) +
           R"(,"operation":[{"name":"export",)"
           R"("definition":"http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export"}]}]})";
}

} // namespace yarrow::server::fhir
