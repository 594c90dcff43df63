// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/webhook.h"

#include "server/jobs/queue.h"
#include "server/jobs/webhook_queue.h"

#include <sstream>

namespace yarrow::server::jobs {

namespace {

using namespace std::chrono_literals;

/// What changes within a moment is told at once.
constexpr std::chrono::milliseconds kGathering = 500ms;

constexpr const char* kSelect = "SELECT webhook_id, url, types, active, delivered_seq, " //
    YARROW_INSTANT("created_at") ", " YARROW_INSTANT("last_success_at") ", "             //
    YARROW_INSTANT("last_failure_at") ", last_failure FROM webhook WHERE tenant_id = $1 ";

std::string textOf(const pqxx::field& field)
{
    return field.is_null() ? std::string() : field.as<std::string>();
}

std::set<std::string> typesOf(const std::string& text)
{
    std::set<std::string> types;
    std::istringstream stream(text);
    for (std::string type; std::getline(stream, type, ',');)
        types.insert(type);
    return types;
}

std::string textOf(const std::set<std::string>& types)
{
    std::string text;
    for (const std::string& type : types)
        text += (text.empty() ? "" : ",") + type;
    return text;
}

Webhook webhookOf(const pqxx::row& row)
{
    Webhook webhook;
    webhook.id = row[0].as<std::string>();
    webhook.url = row[1].as<std::string>();
    webhook.types = typesOf(textOf(row[2]));
    webhook.active = row[3].as<bool>();
    webhook.deliveredSeq = row[4].as<std::int64_t>();
    webhook.createdAt = textOf(row[5]);
    webhook.lastSuccessAt = textOf(row[6]);
    webhook.lastFailureAt = textOf(row[7]);
    webhook.lastFailure = textOf(row[8]);
    return webhook;
}

void enqueueDelivery(db::Transaction& transaction, const std::string& id)
{
    Job job;
    job.kind = kWebhookKind;
    job.payload = "{\"webhook\":\"" + id + "\"}";
    job.key = id;
    job.delay = kGathering;
    enqueue(transaction, job);
}

} // namespace

std::vector<Webhook> listWebhooks(db::Transaction& transaction)
{
    std::vector<Webhook> webhooks;
    for (const pqxx::row& row :
         transaction.run(std::string(kSelect) + "ORDER BY created_at, webhook_id", transaction.tenant()))
        webhooks.push_back(webhookOf(row));
    return webhooks;
}

std::optional<Webhook> findWebhook(db::Transaction& transaction, std::string_view id)
{
    std::optional<Webhook> webhook;
    if (!TenantId::parse(id)) // no UUID
        return webhook;
    const pqxx::result result =
        transaction.run(std::string(kSelect) + "AND webhook_id = $2", transaction.tenant(), id);
    if (!result.empty())
        webhook = webhookOf(result[0]);
    return webhook;
}

void addWebhook(db::Transaction& transaction, const Webhook& webhook, const std::string& wrappedSecret)
{
    transaction.run(
        "INSERT INTO webhook (tenant_id, webhook_id, url, types, active, secret, delivered_seq) "
        "SELECT $1, $2::uuid, $3, nullif($4::text, ''), $5, $6, seq FROM clinic WHERE tenant_id = $1",
        transaction.tenant(), webhook.id, webhook.url, textOf(webhook.types), webhook.active, wrappedSecret);
}

void changeWebhook(db::Transaction& transaction, const Webhook& webhook)
{
    transaction.run("UPDATE webhook SET url = $3, types = nullif($4::text, ''), active = $5 "
                    "WHERE tenant_id = $1 AND webhook_id = $2",
                    transaction.tenant(), webhook.id, webhook.url, textOf(webhook.types), webhook.active);
    if (webhook.active)
        enqueueDelivery(transaction, webhook.id);
}

void replaceSecret(db::Transaction& transaction, std::string_view id, const std::string& wrappedSecret)
{
    transaction.run("UPDATE webhook SET secret = $3 WHERE tenant_id = $1 AND webhook_id = $2",
                    transaction.tenant(), id, wrappedSecret);
}

void removeWebhook(db::Transaction& transaction, std::string_view id)
{
    transaction.run("DELETE FROM webhook WHERE tenant_id = $1 AND webhook_id = $2", transaction.tenant(), id);
}

void enqueueWebhooks(db::Transaction& transaction, const std::set<std::string>& types)
{
    for (const pqxx::row& row : transaction.run(
             "SELECT webhook_id, types FROM webhook WHERE tenant_id = $1 AND active ORDER BY webhook_id",
             transaction.tenant())) {
        const std::set<std::string> wanted = typesOf(textOf(row[1]));
        bool concerns = wanted.empty();
        for (const std::string& type : types)
            concerns = concerns || wanted.contains(type);
        if (concerns)
            enqueueDelivery(transaction, row[0].as<std::string>());
    }
}

} // namespace yarrow::server::jobs
