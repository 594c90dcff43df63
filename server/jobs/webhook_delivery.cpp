// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/crypto.h"
#include "server/auth/key_provider.h"
#include "server/jobs/webhook.h"
#include "server/records/epoch.h"

#include <boost/json.hpp>
#include <openssl/hmac.h>

#include <array>
#include <ctime>

namespace yarrow::server::jobs {

namespace {

using namespace std::chrono_literals;

/// Versions looked at for one delivery.
constexpr int kMaxChanges = 500;

/// The next thing to tell.
struct Delivery
{
    Webhook webhook;
    std::string secret; // wrapped
    std::int64_t toSeq = 0;
    std::string body; // empty when nothing up to toSeq concerns the webhook
};

/// Nothing when all is told, or the webhook is gone or resting.
std::optional<Delivery> nextDelivery(db::Connection& connection, const TenantId& tenant, std::string_view id)
{
    std::optional<Delivery> none;
    db::Transaction transaction(connection, tenant, db::Isolation::RepeatableRead, true);
    const std::optional<Webhook> webhook = findWebhook(transaction, id);
    if (!webhook || !webhook->active)
        return none;
    const pqxx::result versions = transaction.run("SELECT seq, epoch, type, id, method FROM version "
                                                  "WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
                                                  tenant, webhook->deliveredSeq, kMaxChanges);
    if (versions.empty())
        return none;
    Delivery delivery;
    delivery.webhook = *webhook;
    delivery.toSeq = versions[versions.size() - 1][0].as<std::int64_t>();
    boost::json::array changes;
    for (const pqxx::row& row : versions) {
        const std::string type = row[2].as<std::string>();
        if (!webhook->types.empty() && !webhook->types.contains(type))
            continue;
        changes.push_back(boost::json::object(
            {{"reference", type + '/' + row[3].as<std::string>()},
             {"versionId", records::versionIdOf(row[1].as<std::string>(), row[0].as<std::int64_t>())},
             {"method", row[4].as<std::string>()}}));
    }
    const pqxx::result names =
        transaction.run("SELECT w.secret, t.slug FROM webhook w JOIN tenant t ON t.tenant_id = w.tenant_id "
                        "WHERE w.tenant_id = $1 AND w.webhook_id = $2",
                        tenant, id);
    delivery.secret = names[0][0].as<std::string>();
    if (!changes.empty())
        delivery.body = boost::json::serialize(boost::json::object({{"event", "records.changed"},
                                                                    {"clinic", names[0][1].as<std::string>()},
                                                                    {"fromSeq", webhook->deliveredSeq + 1},
                                                                    {"toSeq", delivery.toSeq},
                                                                    {"changes", std::move(changes)}}));
    transaction.commit();
    return delivery;
}

void noteSuccess(db::Connection& connection, const TenantId& tenant, const Delivery& delivery)
{
    db::Transaction transaction(connection, tenant);
    transaction.run("UPDATE webhook SET delivered_seq = greatest(delivered_seq, $3), "
                    "last_success_at = CASE WHEN $4 THEN clock_timestamp() ELSE last_success_at END "
                    "WHERE tenant_id = $1 AND webhook_id = $2",
                    tenant, delivery.webhook.id, delivery.toSeq, !delivery.body.empty());
    transaction.commit();
}

void noteFailure(db::Connection& connection, const TenantId& tenant, const std::string& id,
                 const std::string& reason)
{
    db::Transaction transaction(connection, tenant);
    transaction.run("UPDATE webhook SET last_failure_at = clock_timestamp(), last_failure = $3 "
                    "WHERE tenant_id = $1 AND webhook_id = $2",
                    tenant, id, reason);
    transaction.commit();
}

Outcome deliver(Run& run, const KeyProvider& keys, const OutgoingPolicy& policy)
{
    const std::string id(boost::json::parse(run.payload).as_object().at("webhook").as_string());
    while (!run.mustStop()) {
        const std::optional<Delivery> delivery = nextDelivery(run.db, run.tenant, id);
        if (!delivery)
            return {};
        if (!delivery->body.empty()) {
            Result<std::string> secret = keys.unwrap(delivery->secret, {run.tenant, kWebhookSecret});
            if (!secret)
                return retryLater("The webhook's secret cannot be unwrapped.");
            Headers headers;
            headers.add("Content-Type", "application/json");
            // The same for every attempt at the same changes, so that a receiver knows what it has seen.
            headers.add("Yarrow-Delivery", id + '.' + std::to_string(delivery->webhook.deliveredSeq + 1) +
                                               '-' + std::to_string(delivery->toSeq));
            headers.add("Yarrow-Signature", signatureOf(*secret, std::time(nullptr), delivery->body));
            crypto::wipe(*secret);
            const tl::expected<int, std::string> status =
                post(delivery->webhook.url, headers, delivery->body, policy);
            if (!status || *status < 200 || *status > 299) {
                const std::string reason =
                    status ? "The receiver answered " + std::to_string(*status) + '.' : status.error();
                noteFailure(run.db, run.tenant, id, reason);
                if (status && *status == 410) // Gone: its way to say that it wants no more
                    return giveUp(reason);
                return retryLater(reason);
            }
        }
        noteSuccess(run.db, run.tenant, *delivery);
        run.progress("told up to " + std::to_string(delivery->toSeq));
    }
    return yield();
}

} // namespace

std::string signatureOf(std::string_view secret, std::int64_t time, std::string_view body)
{
    const std::string signedText = std::to_string(time) + '.' + std::string(body);
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac = {};
    unsigned int length = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(signedText.data()), signedText.size(), mac.data(), &length);
    return "t=" + std::to_string(time) +
           ",v1=" + crypto::toHex(std::string_view(reinterpret_cast<const char*>(mac.data()), length));
}

Kind webhookKind(const KeyProvider& keys, const OutgoingPolicy& policy)
{
    Kind kind;
    kind.name = kWebhookKind;
    kind.run = [&keys, policy](Run& run) { return deliver(run, keys, policy); };
    kind.maxAttempts = 24; // most of a day
    kind.firstRetry = 2s;
    kind.longestRetry = 1h;
    return kind;
}

} // namespace yarrow::server::jobs
