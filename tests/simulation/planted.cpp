// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/planted.h"

#include "core/json.h"
#include "tests/simulation/client.h"

namespace yarrow::simulation {
namespace {

constexpr std::string_view kExtension = "https://yarrow.example/fhir/StructureDefinition/";

void spoilExtensions(Json& entry, PlantedBug bug, const Person& signedIn, std::map<std::string, int>& sent)
{
    Json* extensions = entry.find("extension");
    if (!extensions || !extensions->isArray())
        return;
    for (Json& extension : extensions->mutableItems()) {
        const std::string_view url = extension["url"].string();
        const char* member = extension.contains("valueUuid") ? "valueUuid" : "valueString";
        if (bug == PlantedBug::AuthorAtSend && url == std::string(kExtension) + "author")
            extension.set(member, signedIn.account);
        if (bug == PlantedBug::RetriedUnsettled && url == std::string(kExtension) + "operation") {
            const std::string operation(extension[member].string());
            if (const int times = ++sent[operation]; times > 1)
                extension.set(member, operation + "-" + std::to_string(times));
        }
    }
}

std::string spoiledBundle(const std::string& text, PlantedBug bug, const Person& signedIn,
                          std::map<std::string, int>& sent)
{
    auto bundle = Json::parse(text);
    if (!bundle || !bundle->isObject() || !bundle->contains("entry"))
        return text;
    for (Json& entry : bundle->find("entry")->mutableItems()) {
        spoilExtensions(entry, bug, signedIn, sent);
        if (bug == PlantedBug::DeleteUnmatched && entry["request"]["method"].string() == "DELETE")
            entry.objectAt("request").remove("ifMatch");
    }
    return bundle->dump();
}

} // namespace

sync::HttpRequest spoiled(sync::HttpRequest request, PlantedBug bug, const Person& signedIn,
                          std::map<std::string, int>& sent)
{
    if (bug == PlantedBug::None || request.method == sync::Method::Get)
        return request;
    sync::Headers headers;
    for (auto [name, value] : request.headers.fields()) {
        if (bug == PlantedBug::DeleteUnmatched && request.method == sync::Method::Delete &&
            name == "If-Match")
            continue;
        if (bug == PlantedBug::CreatedUnguarded && name == "If-None-Exist")
            continue;
        if (bug == PlantedBug::AuthorAtSend && name == "Yarrow-Author")
            value = signedIn.account;
        if (bug == PlantedBug::RetriedUnsettled && name == "Yarrow-Operation") {
            if (const int times = ++sent[value]; times > 1)
                value += "-" + std::to_string(times);
        }
        headers.add(std::move(name), std::move(value));
    }
    request.headers = std::move(headers);
    if (request.method == sync::Method::Post)
        request.body = spoiledBundle(request.body, bug, signedIn, sent);
    return request;
}

void saveCursorOf(const sync::HttpResponse& page, Client& client)
{
    const auto bundle = Json::parse(page.body);
    if (!bundle || (*bundle)["type"].string() != "history")
        return;
    std::string since;
    for (const Json& entry : (*bundle)["entry"].items())
        since = std::string(entry["response"]["lastModified"].string());
    std::string next;
    for (const Json& link : (*bundle)["link"].items()) {
        if (link["relation"].string() == "next")
            next = std::string(link["url"].string());
    }
    if (since.empty())
        return;
    Transaction transaction(client.connection());
    Query(client.connection(), "UPDATE checkpoint SET since = ?, page_link = ? WHERE feed = ''")
        .bind(since, next)
        .run();
    transaction.commit();
}

} // namespace yarrow::simulation
