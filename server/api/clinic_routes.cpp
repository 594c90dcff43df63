// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/clinic_routes.h"

#include "server/api/json_answer.h"
#include "server/api/json_reader.h"
#include "server/records/epoch.h"

#include <boost/json.hpp>

namespace yarrow::server::api {
namespace {

constexpr std::int64_t kMaxBlock = 10'000;

Result<Response> showTenant(Call& call)
{
    db::Transaction transaction(call.db, call.principal().tenant, db::Isolation::ReadCommitted, true);
    const auto rows =
        transaction.run("SELECT t.name, t.slug, c.epoch, c.seq, c.floor_seq, " YARROW_INSTANT(
                            "c.floor_time") " FROM tenant t JOIN clinic c ON c.tenant_id = t.tenant_id "
                                            "WHERE t.tenant_id = $1",
                        call.principal().tenant);
    const auto& row = rows.at(0);
    return jsonAnswer(200, {{"id", call.principal().tenant.text()},
                            {"name", row[0].c_str()},
                            {"slug", row[1].c_str()},
                            {"epoch", row[2].c_str()},
                            {"sequence", row[3].as<std::int64_t>()},
                            {"floor", {{"sequence", row[4].as<std::int64_t>()}, {"time", row[5].c_str()}}},
                            {"scopeId", call.principal().scopeId}});
}

Result<Response> leaseMrns(Call& call)
{
    JsonReader body(call.request);
    const std::int64_t size = body.integer("size", 1, kMaxBlock);
    if (auto read = body.done(); !read)
        return tl::unexpected(read.error());
    if (call.principal().kind != Principal::Kind::Device)
        return refuse(403, "device-required", "Only a workstation leases medical record numbers.");
    db::Transaction transaction(call.db, call.principal().tenant);
    (void)records::lockClinic(transaction);
    const auto rows = transaction.run("UPDATE clinic SET mrn_next = mrn_next + $2 WHERE tenant_id = $1 "
                                      "RETURNING mrn_next - $2, mrn_next - 1",
                                      transaction.tenant(), size);
    const auto first = rows.at(0)[0].as<std::int64_t>();
    const auto last = rows[0][1].as<std::int64_t>();
    transaction.run("INSERT INTO mrn_block (tenant_id, first, last, device) VALUES ($1, $2, $3, $4)",
                    transaction.tenant(), first, last, call.principal().device);
    transaction.commit();
    return jsonAnswer(201, {{"first", first}, {"last", last}});
}

} // namespace

void addClinicRoutes(Router& router)
{
    router.add({"GET", "/api/v1/tenant", showTenant});
    router.add({"POST", "/api/v1/mrn-blocks", leaseMrns});
}

} // namespace yarrow::server::api
