// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/webhook_routes.h"

#include "server/api/admin_handler.h"
#include "server/api/json_answer.h"
#include "server/api/json_reader.h"
#include "server/auth/crypto.h"
#include "server/auth/key_provider.h"
#include "server/fhir/document.h"
#include "server/jobs/webhook.h"

#include <boost/json.hpp>

#include <functional>

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

/// Sets what the body names: url, types, active.
Result<void> readBody(const Request& request, const OutgoingPolicy& policy, jobs::Webhook& webhook)
{
    JsonReader body(request);
    if (webhook.url.empty())
        webhook.url = body.text("url", kMaxUrl);
    else
        webhook.url = body.optionalText("url", kMaxUrl).value_or(webhook.url);
    webhook.active = body.optionalBoolean("active").value_or(webhook.active);
    if (body.has("types")) {
        webhook.types.clear();
        for (const std::string& type : body.texts("types")) {
            if (!fhir::isStoredType(type))
                body.refuse("types", "must be resource types that this server keeps");
            webhook.types.insert(type);
        }
    }
    if (Result<void> read = body.done(); !read)
        return read;
    if (const std::optional<std::string> refusal = refusalOf(webhook.url, policy))
        return refuse(422, "bad-webhook-url", *refusal, "/url");
    return {};
}

/// A new secret, plain and wrapped.
Result<std::pair<std::string, std::string>> newSecret(const KeyProvider& keys, const TenantId& tenant)
{
    std::string secret = crypto::toBase64Url(crypto::randomBytes(32));
    Result<std::string> wrapped = keys.wrap(secret, {tenant, jobs::kWebhookSecret});
    if (!wrapped)
        return tl::unexpected(wrapped.error());
    return std::make_pair(std::move(secret), *std::move(wrapped));
}

Result<jobs::Webhook> wanted(db::Transaction& transaction, const Call& call)
{
    std::optional<jobs::Webhook> webhook = jobs::findWebhook(transaction, call.path.at("webhook"));
    if (!webhook)
        return refuse(404, "no-such-webhook", "There is no such webhook.");
    return *std::move(webhook);
}

Result<Response> list(Call&, db::Transaction& transaction, const Author&)
{
    boost::json::array webhooks;
    for (const jobs::Webhook& webhook : jobs::listWebhooks(transaction))
        webhooks.push_back(jsonOf(webhook));
    return jsonAnswer(200, boost::json::object({{"webhooks", std::move(webhooks)}}));
}

Result<Response> show(Call& call, db::Transaction& transaction, const Author&)
{
    const Result<jobs::Webhook> webhook = wanted(transaction, call);
    if (!webhook)
        return tl::unexpected(webhook.error());
    return jsonAnswer(200, jsonOf(*webhook));
}

Result<Response> remove(Call& call, db::Transaction& transaction, const Author& admin)
{
    const Result<jobs::Webhook> webhook = wanted(transaction, call);
    if (!webhook)
        return tl::unexpected(webhook.error());
    jobs::removeWebhook(transaction, webhook->id);
    auditAdmin(transaction, admin, "webhook-removed", webhook->id);
    return Response{204};
}

/// What changes webhooks needs more than the call.
struct Webhooks
{
    const KeyProvider& keys;
    OutgoingPolicy policy;

    Result<Response> add(Call& call, db::Transaction& transaction, const Author& admin) const
    {
        jobs::Webhook webhook;
        webhook.id = crypto::randomUuid();
        if (const Result<void> read = readBody(call.request, policy, webhook); !read)
            return tl::unexpected(read.error());
        if (jobs::listWebhooks(transaction).size() >= kMaxWebhooks)
            return refuse(409, "too-many-webhooks", "The clinic has as many webhooks as it may.");
        const auto secret = newSecret(keys, call.principal().tenant);
        if (!secret)
            return tl::unexpected(secret.error());
        jobs::addWebhook(transaction, webhook, secret->second);
        auditAdmin(transaction, admin, "webhook-added", webhook.id);
        boost::json::object shown = jsonOf(jobs::findWebhook(transaction, webhook.id).value());
        shown.emplace("secret", secret->first);
        Response response = jsonAnswer(201, shown);
        response.headers.add("Location", call.request.baseUrl + "/api/v1/webhooks/" + webhook.id);
        return response;
    }

    Result<Response> change(Call& call, db::Transaction& transaction, const Author& admin) const
    {
        Result<jobs::Webhook> webhook = wanted(transaction, call);
        if (!webhook)
            return tl::unexpected(webhook.error());
        if (const Result<void> read = readBody(call.request, policy, *webhook); !read)
            return tl::unexpected(read.error());
        jobs::changeWebhook(transaction, *webhook);
        auditAdmin(transaction, admin, "webhook-changed", webhook->id);
        return jsonAnswer(200, jsonOf(*webhook));
    }

    Result<Response> renewSecret(Call& call, db::Transaction& transaction, const Author& admin) const
    {
        const Result<jobs::Webhook> webhook = wanted(transaction, call);
        if (!webhook)
            return tl::unexpected(webhook.error());
        const auto secret = newSecret(keys, call.principal().tenant);
        if (!secret)
            return tl::unexpected(secret.error());
        jobs::replaceSecret(transaction, webhook->id, secret->second);
        auditAdmin(transaction, admin, "webhook-secret-renewed", webhook->id);
        return jsonAnswer(200, boost::json::object({{"id", webhook->id}, {"secret", secret->first}}));
    }
};

} // namespace

void addWebhookRoutes(Router& router, const KeyProvider& keys, const OutgoingPolicy& policy)
{
    const Webhooks webhooks{keys, policy};
    const auto with = [&webhooks](Result<Response> (Webhooks::*handle)(Call&, db::Transaction&, const Author&)
                                      const) { return adminHandler(std::bind_front(handle, webhooks)); };
    constexpr const char* kAll = "/api/v1/webhooks";
    constexpr const char* kOne = "/api/v1/webhooks/{webhook}";
    router.add({"GET", kAll, adminHandler(list)});
    router.add({"POST", kAll, with(&Webhooks::add)});
    router.add({"GET", kOne, adminHandler(show)});
    router.add({"PATCH", kOne, with(&Webhooks::change)});
    router.add({"DELETE", kOne, adminHandler(remove)});
    router.add({"POST", "/api/v1/webhooks/{webhook}/secret", with(&Webhooks::renewSecret)});
}

} // namespace yarrow::server::api
