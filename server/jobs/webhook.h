// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/connection.h"
#include "server/http/outgoing.h"
#include "server/jobs/kind.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server {
class KeyProvider;
}

// A webhook tells another program of a clinic that records have changed: which, never what is in them.
// Deliveries come in the order of the feed, at least once; what could not be delivered comes with the next
// that can.
namespace yarrow::server::jobs {

inline constexpr const char* kWebhookKind = "webhook";
inline constexpr std::string_view kWebhookSecret = "webhook-secret"; ///< what its secret is wrapped as

struct Webhook
{
    std::string id;
    std::string url;
    std::set<std::string> types; ///< empty for all
    bool active = true;
    std::int64_t deliveredSeq = 0;
    std::string createdAt; ///< FHIR instants, empty for never
    std::string lastSuccessAt;
    std::string lastFailureAt;
    std::string lastFailure;
};

[[nodiscard]] std::vector<Webhook> listWebhooks(db::Transaction& transaction);
[[nodiscard]] std::optional<Webhook> findWebhook(db::Transaction& transaction, std::string_view id);
/// Tells of what changes from now on. `webhook.id` names the new one; `wrappedSecret` is under
/// kWebhookSecret.
void addWebhook(db::Transaction& transaction, const Webhook& webhook, const std::string& wrappedSecret);
/// Sets url, types and active. One that becomes active again tells what it has missed, as far as the feed has
/// it.
void changeWebhook(db::Transaction& transaction, const Webhook& webhook);
void replaceSecret(db::Transaction& transaction, std::string_view id, const std::string& wrappedSecret);
void removeWebhook(db::Transaction& transaction, std::string_view id);

/// The value of the header Yarrow-Signature: t=<seconds since 1970>,v1=<HMAC-SHA256 of "<t>.<body>",
/// hexadecimal>.
[[nodiscard]] std::string signatureOf(std::string_view secret, std::int64_t time, std::string_view body);

/// Delivers what `run`'s webhook has not been told yet. `keys` outlives the kind.
[[nodiscard]] Kind webhookKind(const KeyProvider& keys, const OutgoingPolicy& policy);

} // namespace yarrow::server::jobs
