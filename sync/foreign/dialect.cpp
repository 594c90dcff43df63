// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/foreign/dialect.h"

#include "models/fhir/resource_types.h"

#include <algorithm>
#include <array>
#include <utility>

namespace yarrow::sync {
namespace {

using Feed = Dialect::Feed;
constexpr std::array<std::pair<Feed, std::string_view>, 4> kFeeds{{
    {Feed::SystemHistory, "system-history"},
    {Feed::TypeHistory, "type-history"},
    {Feed::LastUpdated, "last-updated"},
    {Feed::Sweep, "sweep"},
}};

bool offers(const Json& holder, std::string_view interaction)
{
    const auto& interactions = holder["interaction"].items();
    return std::any_of(interactions.begin(), interactions.end(),
                       [&](const Json& offered) { return offered["code"].string() == interaction; });
}

bool searchesBy(const Json& holder, std::string_view parameter)
{
    const auto& parameters = holder["searchParam"].items();
    return std::any_of(parameters.begin(), parameters.end(),
                       [&](const Json& offered) { return offered["name"].string() == parameter; });
}

/// What belongs to the server itself, and to no clinic's records.
bool isRecord(std::string_view type)
{
    constexpr std::array<std::string_view, 4> kNone{"AuditEvent", "Binary", "Bundle", "Subscription"};
    return fhir::isResourceType(type) && std::find(kNone.begin(), kNone.end(), type) == kNone.end();
}

std::vector<std::string> textsOf(const Json& list)
{
    std::vector<std::string> texts;
    for (const Json& item : list.items())
        texts.emplace_back(item.string());
    return texts;
}

Json listOf(const std::vector<std::string>& texts)
{
    Json list = Json::array();
    for (const std::string& text : texts)
        list.append(Json(text));
    return list;
}

} // namespace

Result<Dialect> Dialect::of(const Json& statement)
{
    if (statement["resourceType"].string() != "CapabilityStatement")
        return fail(ErrorCode::InvalidResource, "metadata: not a CapabilityStatement");
    if (!statement["fhirVersion"].string().starts_with("4.0"))
        return fail(ErrorCode::InvalidResource,
                    "metadata: the server speaks another version of FHIR than R4");
    const Json* server = nullptr;
    for (const Json& rest : statement["rest"].items()) {
        if (rest["mode"].string() == "server")
            server = &rest;
    }
    if (server == nullptr)
        return fail(ErrorCode::InvalidResource, "metadata: says nothing of a server");

    Dialect dialect;
    bool allHistories = true;
    bool allLastUpdated = searchesBy(*server, "_lastUpdated");
    bool everySearchTells = true;
    dialect.readsHistory = true;
    dialect.takesOurIds = true;
    dialect.honoursIfMatch = true;
    dialect.createsOnce = true;
    for (const Json& resource : (*server)["resource"].items()) {
        const std::string_view type = resource["type"].string();
        if (!isRecord(type) || !offers(resource, "read") || !offers(resource, "search-type"))
            continue;
        dialect.types.emplace_back(type);
        allHistories = allHistories && offers(resource, "history-type");
        everySearchTells = everySearchTells && searchesBy(resource, "_lastUpdated");
        dialect.readsHistory = dialect.readsHistory && offers(resource, "history-instance");
        if (!offers(resource, "create") || !offers(resource, "update"))
            continue;
        dialect.writable.emplace_back(type);
        dialect.takesOurIds = dialect.takesOurIds && resource["updateCreate"].boolean().value_or(false);
        dialect.honoursIfMatch =
            dialect.honoursIfMatch && resource["versioning"].string() == "versioned-update";
        dialect.createsOnce = dialect.createsOnce && resource["conditionalCreate"].boolean().value_or(false);
    }
    if (dialect.types.empty())
        return fail(ErrorCode::InvalidResource, "metadata: the server lets no resource be read and searched");
    std::sort(dialect.types.begin(), dialect.types.end());
    std::sort(dialect.writable.begin(), dialect.writable.end());
    allLastUpdated = allLastUpdated || everySearchTells;
    dialect.feed = offers(*server, "history-system") ? Feed::SystemHistory
                   : allHistories                    ? Feed::TypeHistory
                   : allLastUpdated                  ? Feed::LastUpdated
                                                     : Feed::Sweep;
    return dialect;
}

std::string Dialect::toJson() const
{
    const auto name =
        std::find_if(kFeeds.begin(), kFeeds.end(), [&](const auto& known) { return known.first == feed; });
    Json json = Json::object();
    json.set("feed", name->second);
    json.set("types", listOf(types));
    json.set("writable", listOf(writable));
    json.set("readsHistory", readsHistory);
    json.set("takesOurIds", takesOurIds);
    json.set("honoursIfMatch", honoursIfMatch);
    json.set("createsOnce", createsOnce);
    json.set("unread", listOf(unread));
    json.set("wasProbed", wasProbed);
    return json.dump();
}

Result<Dialect> Dialect::fromJson(std::string_view text)
{
    const auto json = Json::parse(text);
    if (!json)
        return fail(json.error());
    const auto feed = std::find_if(kFeeds.begin(), kFeeds.end(), [&](const auto& known) {
        return known.second == (*json)["feed"].string();
    });
    if (feed == kFeeds.end())
        return fail(ErrorCode::InvalidArgument, "feed");
    const auto flag = [&](std::string_view name) { return (*json)[name].boolean().value_or(false); };
    Dialect dialect;
    dialect.feed = feed->first;
    dialect.types = textsOf((*json)["types"]);
    dialect.writable = textsOf((*json)["writable"]);
    dialect.readsHistory = flag("readsHistory");
    dialect.takesOurIds = flag("takesOurIds");
    dialect.honoursIfMatch = flag("honoursIfMatch");
    dialect.createsOnce = flag("createsOnce");
    dialect.unread = textsOf((*json)["unread"]);
    dialect.wasProbed = flag("wasProbed");
    return dialect;
}

bool Dialect::mayWrite(std::string_view type) const noexcept
{
    return std::find(writable.begin(), writable.end(), type) != writable.end();
}

std::vector<std::string> Dialect::limits() const
{
    const std::array<std::pair<bool, std::string_view>, 9> all{{
        {!wasProbed, "not-probed"},
        {feed == Feed::Sweep, "reads-everything"},
        {!showsDeletions(), "no-deletions"},
        {!readsHistory, "no-history"},
        {!honoursIfMatch, "ignores-preconditions"},
        {!takesOurIds, "own-ids"},
        {!takesOurIds && !createsOnce, "may-create-twice"},
        {!mayWrite("Task"), "no-tasks"},
        {!unread.empty(), "unread-types"},
    }};
    std::vector<std::string> codes;
    for (const auto& [applies, code] : all) {
        if (applies)
            codes.emplace_back(code);
    }
    return codes;
}

} // namespace yarrow::sync
