// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/erasure_routes.h"

#include "server/api/acting_person.h"
#include "server/api/json_answer.h"
#include "server/api/json_reader.h"
#include "server/fhir/resource_types.h"
#include "server/records/erasure.h"

#include <boost/json.hpp>

#include <utility>

namespace yarrow::server::api {
namespace {

constexpr std::size_t kMaxId = 64;
constexpr std::size_t kMaxGround = 200;
constexpr std::size_t kMaxReason = 1000;

boost::json::object jsonOf(const records::ErasureOutcome& outcome)
{
    boost::json::object types;
    for (const records::ErasedRecord& record : outcome.erasure.records) {
        boost::json::value& count = types[record.type];
        count = count.is_null() ? 1 : count.as_int64() + 1;
    }
    boost::json::array kept;
    for (const records::KeptRecord& record : outcome.kept)
        kept.push_back(boost::json::object{{"record", record.type + '/' + record.id}, {"why", record.why}});
    return {{"patient", outcome.erasure.patient},
            {"erasedAt", outcome.erasure.at},
            {"erased", std::move(types)},
            {"kept", std::move(kept)}};
}

Result<Response> erase(Call& call, const records::ErasureLog* log,
                       const std::function<void(const records::ChangeNotice&)>& changed)
{
    JsonReader body(call.request);
    records::ErasureOrder order;
    order.patient = body.text("patient", kMaxId);
    order.legalGround = body.text("legalGround", kMaxGround);
    order.reason = body.text("reason", kMaxReason);
    if (!order.patient.empty() && !fhir::isFhirId(order.patient))
        body.refuse("patient", "must be a FHIR id");
    if (auto read = body.done(); !read)
        return tl::unexpected(read.error());
    const auto admit = [&](db::Transaction& transaction) -> Result<Author> {
        const auto admin = actingAdmin(call, transaction);
        if (!admin)
            return tl::unexpected(admin.error());
        return authorOf(call, *admin);
    };
    const auto outcome = records::erase(call.db, call.principal().tenant, order, admit, log);
    if (!outcome)
        return tl::unexpected(outcome.error());
    if (!outcome->notice.types.empty())
        changed(outcome->notice);
    return jsonAnswer(200, jsonOf(*outcome));
}

} // namespace

void addErasureRoutes(Router& router, const records::ErasureLog* log,
                      std::function<void(const records::ChangeNotice&)> changed)
{
    router.add({"POST", "/api/v1/erasures",
                [log, changed = std::move(changed)](Call& call) { return erase(call, log, changed); }});
}

} // namespace yarrow::server::api
