// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/webhook_routes.h"

#include "server/api/admin_only.h"
#include "server/api/json_answer.h"
#include "server/auth/crypto.h"
#include "server/auth/key_provider.h"
#include "server/fhir/document.h"
#include "server/jobs/webhook.h"

#include <boost/json.hpp>

namespace yarrow::server::api {

namespace {

constexpr std::size_t kMaxWebhooks = 10; ///< of a clinic
constexpr std::size_t kMaxUrl = 2000;

boost::json::object jsonOf(const jobs::Webhook& webhook)
{
    boost::json::array types;
    for (const std::string& type : webhook.types)
        types.push_back(boost::json::string(type));
    boost::json::object object = {{"id", webhook.id},
                                  {"url", webhook.url},
                                  {"types", std::move(types)},
                                  {"active", webhook.active},
                                  {"deliveredSeq", webhook.deliveredSeq},
                                  {"createdAt", webhook.createdAt}};
    const auto add = [&object](const char* name, const std::string& value) {
        if (!value.empty())
            object.emplace(name, value);
    };
    add("lastSuccessAt", webhook.lastSuccessAt);
    add("lastFailureAt", webhook.lastFailureAt);
    add("lastFailure", webhook.lastFailure);
    return object;
}

tl::unexpected<Problem> wrongBody(const char* sentence)
{
    return refuse(400, "bad-body", sentence);
}

Result<void> readTypes(const boost::json::value& value, std::set<std::string>& types)
{
    if (!value.is_array())
        return wrongBody("types has to be a list of resource types.");
    types.clear();
    for (const boost::json::value& type : value.as_array()) {
        if (!type.is_string() || !fhir::isStoredType(type.as_string().c_str()))
            return wrongBody("types names something that is no type of this server.");
        types.insert(type.as_string().c_str());
    }
    return {};
}

/// Sets what the body names: url, types, active.
Result<void> readBody(const std::string& body, const OutgoingPolicy& policy, jobs::Webhook& webhook)
{
    boost::system::error_code error;
    const boost::json::value value = boost::json::parse(body, error);
    if (error || !value.is_object())
        return wrongBody("The body has to be a JSON object.");
    for (const auto& [name, member] : value.as_object()) {
        if (name == "url" && member.is_string() && member.as_string().size() <= kMaxUrl) {
            webhook.url = member.as_string().c_str();
            if (const std::optional<std::string> refusal = refusalOf(webhook.url, policy))
                return refuse(422, "bad-webhook-url", *refusal);
        } else if (name == "types") {
            if (const Result<void> read = readTypes(member, webhook.types); !read)
                return read;
        } else if (name == "active" && member.is_bool()) {
            webhook.active = member.as_bool();
        } else {
            return wrongBody("A webhook has url (text), types (list of texts) and active (true or false).");
        }
    }
    return {};
}

/// A new secret, plain and wrapped.
Result<std::pair<std::string, std::string>> newSecret(const KeyProvider& keys, const TenantId& tenant)
{
    std::string secret = crypto::toBase64Url(crypto::randomBytes(32));
    Result<std::string> wrapped = keys.wrap(secret, {tenant, jobs::kWebhookSecret});
    if (!wrapped)
        return tl::unexpected<Problem>(wrapped.error());
    return std::make_pair(std::move(secret), *std::move(wrapped));
}

Result<jobs::Webhook> wanted(db::Transaction& transaction, const Call& call)
{
    std::optional<jobs::Webhook> webhook = jobs::findWebhook(transaction, call.path.at("webhook"));
    if (!webhook)
        return refuse(404, "no-such-webhook", "There is no such webhook.");
    return *std::move(webhook);
}

Result<Response> list(Call& call)
{
    db::Transaction transaction(call.db, call.principal().tenant, db::Isolation::ReadCommitted, true);
    boost::json::array webhooks;
    for (const jobs::Webhook& webhook : jobs::listWebhooks(transaction))
        webhooks.push_back(jsonOf(webhook));
    return jsonAnswer(200, boost::json::object({{"webhooks", std::move(webhooks)}}));
}

Result<Response> show(Call& call)
{
    db::Transaction transaction(call.db, call.principal().tenant, db::Isolation::ReadCommitted, true);
    const Result<jobs::Webhook> webhook = wanted(transaction, call);
    if (!webhook)
        return tl::unexpected<Problem>(webhook.error());
    return jsonAnswer(200, jsonOf(*webhook));
}

Result<Response> add(Call& call, const KeyProvider& keys, const OutgoingPolicy& policy)
{
    jobs::Webhook webhook;
    webhook.id = crypto::randomUuid();
    if (const Result<void> read = readBody(call.request.body, policy, webhook); !read)
        return tl::unexpected<Problem>(read.error());
    if (webhook.url.empty())
        return wrongBody("A webhook needs a url.");
    const Result<std::pair<std::string, std::string>> secret = newSecret(keys, call.principal().tenant);
    if (!secret)
        return tl::unexpected<Problem>(secret.error());
    db::Transaction transaction(call.db, call.principal().tenant);
    if (jobs::listWebhooks(transaction).size() >= kMaxWebhooks)
        return refuse(409, "too-many-webhooks", "The clinic has as many webhooks as it may.");
    jobs::addWebhook(transaction, webhook, secret->second);
    boost::json::object shown = jsonOf(jobs::findWebhook(transaction, webhook.id).value());
    transaction.commit();
    shown.emplace("secret", secret->first);
    Response response = jsonAnswer(201, shown);
    response.headers.add("Location", call.request.baseUrl + "/api/v1/webhooks/" + webhook.id);
    return response;
}

Result<Response> change(Call& call, const OutgoingPolicy& policy)
{
    db::Transaction transaction(call.db, call.principal().tenant);
    Result<jobs::Webhook> webhook = wanted(transaction, call);
    if (!webhook)
        return tl::unexpected<Problem>(webhook.error());
    if (const Result<void> read = readBody(call.request.body, policy, *webhook); !read)
        return tl::unexpected<Problem>(read.error());
    jobs::changeWebhook(transaction, *webhook);
    transaction.commit();
    return jsonAnswer(200, jsonOf(*webhook));
}

Result<Response> renewSecret(Call& call, const KeyProvider& keys)
{
    const Result<std::pair<std::string, std::string>> secret = newSecret(keys, call.principal().tenant);
    if (!secret)
        return tl::unexpected<Problem>(secret.error());
    db::Transaction transaction(call.db, call.principal().tenant);
    const Result<jobs::Webhook> webhook = wanted(transaction, call);
    if (!webhook)
        return tl::unexpected<Problem>(webhook.error());
    jobs::replaceSecret(transaction, webhook->id, secret->second);
    transaction.commit();
    return jsonAnswer(200, boost::json::object({{"id", webhook->id}, {"secret", secret->first}}));
}

Result<Response> remove(Call& call)
{
    db::Transaction transaction(call.db, call.principal().tenant);
    const Result<jobs::Webhook> webhook = wanted(transaction, call);
    if (!webhook)
        return tl::unexpected<Problem>(webhook.error());
    jobs::removeWebhook(transaction, webhook->id);
    transaction.commit();
    Response response;
    response.status = 204;
    return response;
}

} // namespace

void addWebhookRoutes(Router& router, const KeyProvider& keys, const OutgoingPolicy& policy)
{
    constexpr const char* kAll = "/api/v1/webhooks";
    constexpr const char* kOne = "/api/v1/webhooks/{webhook}";
    router.add({"GET", kAll, adminOnly(list)});
    router.add({"POST", kAll, adminOnly([&keys, policy](Call& call) { return add(call, keys, policy); })});
    router.add({"GET", kOne, adminOnly(show)});
    router.add({"PATCH", kOne, adminOnly([policy](Call& call) { return change(call, policy); })});
    router.add({"DELETE", kOne, adminOnly(remove)});
    router.add({"POST", "/api/v1/webhooks/{webhook}/secret",
                adminOnly([&keys](Call& call) { return renewSecret(call, keys); })});
}

} // namespace yarrow::server::api
