// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/enrolment.h"

#include "server/audit/server_audit.h"
#include "server/auth/accounts.h"
#include "server/auth/crypto.h"
#include "server/auth/enrolment_code.h"

namespace yarrow::server {
namespace {

TenantId tenantOfCode(db::Connection& connection, const std::string& hash)
{
    db::Transaction transaction(connection, TenantId());
    const auto rows = transaction.run(
        "SELECT tenant_id FROM enrolment_code_directory WHERE code_hash = decode($1, 'hex')", hash);
    return rows.empty() ? TenantId() : TenantId::parse(rows[0][0].c_str()).value_or(TenantId());
}

} // namespace

NewEnrolmentCode makeEnrolmentCode(db::Transaction& transaction, AreaSet areas, std::int64_t hours,
                                   std::string_view account)
{
    const EnrolmentCode code = EnrolmentCode::random();
    const std::string hash = crypto::toHex(code.hash());
    const auto rows = transaction.run(
        "INSERT INTO enrolment_code (tenant_id, code_hash, areas, created_by, expires_at) VALUES "
        "($1, decode($2, 'hex'), $3, $4, now() + $5::bigint * interval '1 hour') RETURNING " YARROW_INSTANT(
            "expires_at"),
        transaction.tenant(), hash, scopeIdOf(areas), account, hours);
    transaction.run("INSERT INTO enrolment_code_directory (code_hash, tenant_id, expires_at) VALUES "
                    "(decode($1, 'hex'), $2, now() + $3::bigint * interval '1 hour')",
                    hash, transaction.tenant(), hours);
    audit::Event event{"enrolment-code-made"};
    event.account = account;
    event.detail = "areas=" + scopeIdOf(areas) + " hours=" + std::to_string(hours);
    audit::append(transaction, event);
    return {code.text(), rows.at(0)[0].as<std::string>()};
}

Result<Enrolment> enrol(db::Connection& connection, std::string_view code, const std::string& name,
                        const EcPublicKey& key, const std::string& keyId)
{
    const auto typed = EnrolmentCode::parse(code, "/code");
    if (!typed)
        return tl::unexpected(typed.error());
    const auto unknown = [] {
        return refuse(401, "enrolment-code-unknown", "This enrolment code is unknown.", "/code");
    };
    const std::string hash = crypto::toHex(typed->hash());
    const TenantId tenant = tenantOfCode(connection, hash);
    if (tenant.empty())
        return unknown();

    db::Transaction transaction(connection, tenant);
    const auto rows =
        transaction.run("SELECT c.areas, c.expires_at < now(), c.device_id, t.name, t.slug, t.suspended "
                        "FROM enrolment_code c JOIN tenant t ON t.tenant_id = c.tenant_id "
                        "WHERE c.tenant_id = $1 AND c.code_hash = decode($2, 'hex') FOR UPDATE OF c",
                        tenant, hash);
    const auto areas = rows.empty() ? std::nullopt : areasFromScopeId(rows[0][0].c_str());
    if (!areas)
        return unknown();
    Enrolment enrolment{{tenant, {}}, *areas, rows[0][3].c_str(), rows[0][4].c_str()};
    if (rows[0][5].as<bool>())
        return refuse(403, "clinic-suspended", "This clinic is suspended.");
    if (!rows[0][2].is_null()) {
        const auto device = findDevice(transaction, rows[0][2].c_str());
        if (!device || device->isRevoked || device->key.thumbprint() != key.thumbprint())
            return refuse(401, "enrolment-code-used", "This enrolment code was used before.", "/code");
        enrolment.client.device = device->id;
        enrolment.areas = device->areas;
        return enrolment;
    }
    if (rows[0][1].as<bool>())
        return refuse(401, "enrolment-code-expired", "This enrolment code has expired.", "/code");

    enrolment.client.device = crypto::randomUuid();
    insertDevice(transaction,
                 Device{enrolment.client.device, name, key, keyId, *areas, {}, {}, {}, false, false});
    transaction.run("UPDATE enrolment_code SET used_at = now(), device_id = $3 "
                    "WHERE tenant_id = $1 AND code_hash = decode($2, 'hex')",
                    tenant, hash, enrolment.client.device);
    audit::Event event{"device-enrolled"};
    event.device = enrolment.client.device;
    event.resourceType = "Device";
    event.resourceId = enrolment.client.device;
    event.detail = "areas=" + scopeIdOf(*areas) + " key=" + key.thumbprint();
    audit::append(transaction, event);
    transaction.commit();
    return enrolment;
}

} // namespace yarrow::server
