// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/live/subscription_routes.h"

#include "server/api/fhir_exchange.h"
#include "server/auth/access_notice.h"
#include "server/fhir/bundle.h"
#include "server/fhir/document.h"
#include "server/fhir/resource_types.h"
#include "server/live/owner.h"
#include "server/live/subscription.h"
#include "server/random_uuid.h"

#include <chrono>

namespace yarrow::server::live {
namespace {

std::int64_t microsNow()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

Response answerOf(int status, const Subscription& subscription)
{
    return api::versionAnswer(status, std::to_string(subscription.version), subscription.lastUpdated,
                              documentOf(subscription));
}

tl::unexpected<Problem> unknown()
{
    return refuse(404, "not-found", "There is no such Subscription of yours.");
}

// Every server process lets go of what is bound to it: it may have other criteria now, or none.
void tellOfChange(db::Transaction& work, const std::string& id)
{
    noticeAccess(work, "Subscription/" + id);
}

Result<Subscription> readBody(const Request& request)
{
    const auto document = api::bodyOf(request);
    if (!document)
        return tl::unexpected(document.error());
    auto subscription = readSubscription(*document, microsNow());
    if (subscription)
        subscription->id = document->root()["id"].string();
    return subscription;
}

Result<Response> create(Call& call)
{
    auto subscription = readBody(call.request);
    if (!subscription)
        return tl::unexpected(subscription.error());
    subscription->id = randomUuid();
    subscription->body = fhir::withId(subscription->body, subscription->id);
    db::Transaction work(call.db, call.principal().tenant);
    const auto stored = storeSubscription(work, ownerOf(call.principal()), *subscription);
    if (!stored)
        return tl::unexpected(stored.error());
    work.commit();
    Response response = answerOf(201, *stored);
    response.headers.set("Location", call.request.baseUrl + "/fhir/Subscription/" + stored->id);
    return response;
}

Result<Response> update(Call& call)
{
    const std::string& id = call.path.at("id");
    auto subscription = readBody(call.request);
    if (!subscription)
        return tl::unexpected(subscription.error());
    if (!fhir::isFhirId(id) || subscription->id != id)
        return refuse(400, "id-mismatch", "The Subscription's id is not the one in the path.",
                      "Subscription.id");
    const std::string owner = ownerOf(call.principal());
    db::Transaction work(call.db, call.principal().tenant);
    const std::string_view ifMatch = call.request.headers.find("If-Match");
    const auto before = findSubscription(work, owner, id);
    if (!ifMatch.empty() &&
        (!before || fhir::versionOfETag(ifMatch) != std::optional(std::to_string(before->version))))
        return refuse(412, "version-conflict", "The Subscription has another version.");
    const auto stored = storeSubscription(work, owner, *subscription);
    if (!stored)
        return tl::unexpected(stored.error());
    tellOfChange(work, id);
    work.commit();
    return answerOf(before ? 200 : 201, *stored);
}

Result<Response> read(Call& call)
{
    db::Transaction work(call.db, call.principal().tenant, db::Isolation::ReadCommitted, true);
    const auto found = findSubscription(work, ownerOf(call.principal()), call.path.at("id"));
    if (!found)
        return unknown();
    return answerOf(200, *found);
}

Result<Response> remove(Call& call)
{
    const std::string& id = call.path.at("id");
    db::Transaction work(call.db, call.principal().tenant);
    if (!deleteSubscription(work, ownerOf(call.principal()), id))
        return unknown();
    tellOfChange(work, id);
    work.commit();
    Response response;
    response.status = 204;
    return response;
}

Result<Response> list(Call& call)
{
    static const std::vector<std::string_view> kNone;
    if (const auto parameters = api::parametersOf(call.request, &kNone); !parameters)
        return tl::unexpected(parameters.error());
    db::Transaction work(call.db, call.principal().tenant, db::Isolation::ReadCommitted, true);
    const std::vector<Subscription> found = listSubscriptions(work, ownerOf(call.principal()));
    std::string body =
        R"({"resourceType":"Bundle","type":"searchset","total":)" + std::to_string(found.size());
    std::string_view before = R"(,"entry":[)";
    for (const Subscription& subscription : found) {
        body.append(before).append(R"({"fullUrl":)");
        body += fhir::quoted(call.request.baseUrl + "/fhir/Subscription/" + subscription.id);
        body.append(R"(,"resource":)").append(documentOf(subscription));
        body += R"(,"search":{"mode":"match"}})";
        before = ",";
    }
    body += found.empty() ? "}" : "]}";
    return api::fhirAnswer(200, std::move(body));
}

} // namespace

void addSubscriptionRoutes(Router& router)
{
    router.add({"POST", "/fhir/Subscription", create});
    router.add({"GET", "/fhir/Subscription", list});
    router.add({"GET", "/fhir/Subscription/{id}", read});
    router.add({"PUT", "/fhir/Subscription/{id}", update});
    router.add({"DELETE", "/fhir/Subscription/{id}", remove});
}

} // namespace yarrow::server::live
