// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/live/subscription.h"

#include "server/fhir/document.h"
#include "server/fhir/outcome.h"
#include "server/fhir/resource_types.h"
#include "server/fhir/time_range.h"
#include "server/http/field_text.h"
#include "server/http/message.h"
#include "server/json/text_edits.h"
#include "server/records/instant.h"

namespace yarrow::server::live {
namespace {

constexpr std::int64_t kDay = 24LL * 60 * 60 * 1'000'000;

tl::unexpected<Problem> bad(const char* code, std::string detail, const char* element)
{
    return refuse(422, code, std::move(detail), std::string("Subscription.") + element);
}

Result<std::string> neededText(JsonView root, const char* element)
{
    const JsonView value = root[element];
    if (!value.exists())
        return bad("missing-element", std::string("A Subscription has a ") + element + ".", element);
    std::string text = value.string();
    if (text.empty())
        return bad("bad-value", std::string("A Subscription's ") + element + " is a text.", element);
    return text;
}

Result<void> checkChannel(JsonView channel)
{
    if (!channel.isObject())
        return bad("missing-element", "A Subscription has a channel.", "channel");
    if (!channel["type"].says("websocket"))
        return bad("bad-channel", "The only channel here is websocket.", "channel.type");
    for (const auto& [name, value] : channel.members()) {
        if (name == "endpoint" || name == "header")
            return bad("bad-channel", "A websocket channel has no endpoint and no header.", "channel");
        if (name == "payload" && !value.string().empty())
            return bad("bad-channel", "A websocket channel tells that something changed, without payload.",
                       "channel.payload");
    }
    return {};
}

Result<std::int64_t> readEnd(JsonView end, std::int64_t now)
{
    const std::int64_t latest = now + kLongestDays * kDay;
    if (!end.exists())
        return latest;
    const auto time = fhir::parseTime(end.string());
    if (!time || !time->hasTime || !time->hasZone)
        return bad("bad-value", "A Subscription's end is an instant.", "end");
    if (time->from <= now)
        return bad("bad-value", "A Subscription's end lies ahead.", "end");
    if (time->from > latest)
        return bad("bad-value",
                   "A Subscription ends within " + std::to_string(kLongestDays) + " days; renew it before.",
                   "end");
    return time->from;
}

#define YARROW_SUBSCRIPTION_COLUMNS                                                                          \
    "id, version, " YARROW_INSTANT("last_updated") ", active, array_to_string(types, ','), " YARROW_MICROS(  \
        "ends_at") ", body"

// Of a row with the columns above.
Subscription subscriptionOf(const pqxx::row& row)
{
    Subscription found;
    found.id = row[0].as<std::string>();
    found.version = row[1].as<std::int64_t>();
    found.lastUpdated = row[2].as<std::string>();
    found.active = row[3].as<bool>();
    const std::string list = row[4].as<std::string>();
    std::string_view types = list;
    while (!types.empty())
        found.types.emplace(nextListItem(types));
    found.endsAt = row[5].as<std::int64_t>();
    found.body = row[6].as<std::string>();
    return found;
}

} // namespace

Result<std::set<std::string>> readCriteria(std::string_view criteria)
{
    const auto refused = [](const std::string& why) {
        return bad("bad-criteria",
                   why + " Criteria are \"Type?\", \"?_type=Type,Type\" or \"?\" for everything.",
                   "criteria");
    };
    const std::size_t question = criteria.find('?');
    const std::string_view type = criteria.substr(0, question);
    std::string_view query;
    if (question != std::string_view::npos)
        query = criteria.substr(question + 1);
    std::set<std::string> types;
    if (!type.empty()) {
        if (!query.empty())
            return refused("Search parameters are not supported in criteria.");
        types.emplace(type);
    } else if (question == std::string_view::npos) {
        return refused("There are no criteria.");
    }
    for (const auto& [name, value] : parseForm(query)) {
        if (name != "_type" || value.empty())
            return refused("Search parameters other than _type are not supported in criteria.");
        std::string_view list = value;
        while (!list.empty())
            types.emplace(nextListItem(list));
    }
    for (const std::string& wanted : types) {
        if (!fhir::isStoredType(wanted))
            return refused("The criteria name no resource type that this server keeps.");
    }
    return types;
}

Result<Subscription> readSubscription(const JsonDocument& document, std::int64_t now)
{
    const JsonView root = document.root();
    if (!root["resourceType"].says("Subscription"))
        return refuse(400, "not-a-resource", "This is no Subscription.");
    const auto status = neededText(root, "status");
    if (!status)
        return tl::unexpected(status.error());
    if (*status != "requested" && *status != "active" && *status != "off")
        return bad("bad-value", "A Subscription is sent as requested, active or off.", "status");
    if (const auto reason = neededText(root, "reason"); !reason)
        return tl::unexpected(reason.error());
    const auto criteria = neededText(root, "criteria");
    if (!criteria)
        return tl::unexpected(criteria.error());
    auto types = readCriteria(*criteria);
    if (!types)
        return tl::unexpected(types.error());
    if (const auto channel = checkChannel(root["channel"]); !channel)
        return tl::unexpected(channel.error());
    const auto endsAt = readEnd(root["end"], now);
    if (!endsAt)
        return tl::unexpected(endsAt.error());

    Subscription subscription;
    subscription.active = *status != "off";
    subscription.types = std::move(*types);
    subscription.endsAt = *endsAt;
    const JsonView written = root["status"];
    std::string replacement = subscription.active ? "\"active\"" : "\"off\"";
    if (!root["end"].exists())
        replacement += ",\"end\":" + fhir::quoted(fhir::timeText(*endsAt));
    std::vector<TextEdit> edits;
    edits.push_back({written.offset(), written.raw().size(), std::move(replacement)});
    subscription.body = edited(document.text(), std::move(edits));
    return subscription;
}

std::string documentOf(const Subscription& subscription)
{
    return fhir::withMeta(subscription.body, std::to_string(subscription.version), subscription.lastUpdated);
}

std::vector<Subscription> listSubscriptions(db::Transaction& work, const std::string& owner)
{
    std::vector<Subscription> found;
    for (const auto& row : work.run("SELECT " YARROW_SUBSCRIPTION_COLUMNS " FROM subscription"
                                    " WHERE tenant_id = $1 AND owner = $2 AND ends_at > now() ORDER BY id",
                                    work.tenant(), owner))
        found.push_back(subscriptionOf(row));
    return found;
}

std::optional<Subscription> findSubscription(db::Transaction& work, const std::string& owner,
                                             const std::string& id)
{
    const pqxx::result rows = work.run("SELECT " YARROW_SUBSCRIPTION_COLUMNS " FROM subscription"
                                       " WHERE tenant_id = $1 AND owner = $2 AND id = $3 AND ends_at > now()",
                                       work.tenant(), owner, id);
    if (rows.empty())
        return std::nullopt;
    return subscriptionOf(rows[0]);
}

Result<Subscription> storeSubscription(db::Transaction& work, const std::string& owner,
                                       const Subscription& subscription)
{
    work.run("DELETE FROM subscription WHERE tenant_id = $1 AND ends_at <= now()", work.tenant());
    const pqxx::result others =
        work.run("SELECT count(*) FROM subscription WHERE tenant_id = $1 AND owner = $2 AND id <> $3",
                 work.tenant(), owner, subscription.id);
    if (others[0][0].as<int>() >= kMostSubscriptions)
        return refuse(422, "too-many-subscriptions",
                      "One device or person has at most " + std::to_string(kMostSubscriptions) +
                          " Subscriptions.");
    db::TextArray types;
    for (const std::string& type : subscription.types)
        types.add(std::string_view(type));
    const pqxx::result rows =
        work.run("INSERT INTO subscription (tenant_id, id, owner, active, types, ends_at, body)"
                 " VALUES ($1, $2, $3, $4, $5::text[], $6::timestamptz, $7)"
                 " ON CONFLICT (tenant_id, id) DO UPDATE SET version = subscription.version + 1,"
                 "     last_updated = now(), active = excluded.active, types = excluded.types,"
                 "     ends_at = excluded.ends_at, body = excluded.body"
                 "   WHERE subscription.owner = excluded.owner"
                 " RETURNING " YARROW_SUBSCRIPTION_COLUMNS,
                 work.tenant(), subscription.id, owner, subscription.active, types,
                 instantOf(subscription.endsAt), subscription.body);
    if (rows.empty())
        return refuse(412, "already-exists", "Somebody else's Subscription has this id.");
    return subscriptionOf(rows[0]);
}

bool deleteSubscription(db::Transaction& work, const std::string& owner, const std::string& id)
{
    return !work.run("DELETE FROM subscription WHERE tenant_id = $1 AND owner = $2 AND id = $3 RETURNING id",
                     work.tenant(), owner, id)
                .empty();
}

} // namespace yarrow::server::live
