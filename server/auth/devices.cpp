// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/devices.h"

#include "server/audit/server_audit.h"
#include "server/auth/access_notice.h"

#include <boost/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace yarrow::server {
namespace {

#define YARROW_DEVICE_COLUMNS                                                                                \
    "SELECT device_id, name, public_key, areas, " YARROW_INSTANT("enrolled_at") ", " YARROW_INSTANT(         \
        "last_seen_at") ", " YARROW_INSTANT("revoked_at") ", wipe FROM device "

Device read(const pqxx::row& row)
{
    const boost::json::value jwk = boost::json::parse(row[2].as<std::string>());
    auto key = EcPublicKey::fromJwk(jwk.as_object());
    const auto areas = areasFromScopeId(row[3].as<std::string>());
    if (!key || !areas) // what we wrote ourselves
        throw std::runtime_error("a device's row is damaged");
    return Device{row[0].as<std::string>(),
                  row[1].as<std::string>(),
                  std::move(*key),
                  boost::json::value_to<std::string>(jwk.at("kid")),
                  *areas,
                  row[4].as<std::string>(),
                  row[5].as<std::string>(std::string()),
                  row[6].as<std::string>(std::string()),
                  !row[6].is_null(),
                  row[7].as<bool>()};
}

} // namespace

std::optional<ClientId> ClientId::parse(std::string_view text)
{
    constexpr std::size_t kMaxDevice = 64;
    const std::size_t dot = text.find('.');
    const auto tenant = TenantId::parse(text.substr(0, dot));
    if (!tenant || dot == std::string_view::npos)
        return std::nullopt;
    const std::string_view device = text.substr(dot + 1);
    const bool isId =
        !device.empty() && device.size() <= kMaxDevice &&
        device.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.") ==
            std::string_view::npos;
    if (!isId)
        return std::nullopt;
    return ClientId{*tenant, std::string(device)};
}

std::optional<Device> findDevice(db::Transaction& transaction, std::string_view id)
{
    const auto rows = transaction.run(YARROW_DEVICE_COLUMNS "WHERE tenant_id = $1 AND device_id = $2",
                                      transaction.tenant(), id);
    std::optional<Device> device;
    if (!rows.empty())
        device = read(rows[0]);
    return device;
}

std::vector<Device> allDevices(db::Transaction& transaction)
{
    std::vector<Device> devices;
    for (const auto& row : transaction.run(
             YARROW_DEVICE_COLUMNS "WHERE tenant_id = $1 ORDER BY name, device_id", transaction.tenant()))
        devices.push_back(read(row));
    return devices;
}

void insertDevice(db::Transaction& transaction, const Device& device)
{
    boost::json::object jwk = device.key.toJwk();
    jwk["kid"] = device.keyId;
    transaction.run("INSERT INTO device (tenant_id, device_id, name, public_key, areas) "
                    "VALUES ($1, $2, $3, $4::jsonb, $5)",
                    transaction.tenant(), device.id, device.name, boost::json::serialize(jwk),
                    scopeIdOf(device.areas));
}

void updateDevice(db::Transaction& transaction, const Device& device)
{
    transaction.run("UPDATE device SET name = $3, areas = $4 WHERE tenant_id = $1 AND device_id = $2",
                    transaction.tenant(), device.id, device.name, scopeIdOf(device.areas));
    noticeAccess(transaction, device.id);
}

void revokeDevice(db::Transaction& transaction, std::string_view id, bool wipe, const Author& author)
{
    transaction.run("UPDATE device SET revoked_at = coalesce(revoked_at, now()), wipe = $3 "
                    "WHERE tenant_id = $1 AND device_id = $2",
                    transaction.tenant(), id, wipe);
    noticeAccess(transaction, id);
    audit::Event event{"device-revoked"};
    event.account = author.account;
    event.role = author.role;
    event.device = author.device;
    event.resourceType = "Device";
    event.resourceId = id;
    event.detail = wipe ? "wipe" : "";
    audit::append(transaction, event);
}

Problem revokedProblem(bool wipe)
{
    Problem problem{403, "device-revoked",
                    wipe ? "This device was revoked and is to delete its copy of the records."
                         : "This device was revoked."};
    problem.headers.emplace_back("Yarrow-Device-State", wipe ? "wipe" : "revoked");
    return problem;
}

Result<AreaSet> areasFromCodes(const std::vector<std::string>& codes, const std::string& pointer)
{
    if (codes.size() == 1 && codes[0] == "clinic")
        return AreaSet::all();
    AreaSet areas;
    if (codes.size() == 1 && codes[0] == "front-desk") {
        for (const Area area : {Area::PatientIdentity, Area::Appointments, Area::Directory, Area::Payments})
            areas.insert(area);
        return areas;
    }
    for (const std::string& code : codes) {
        const auto area = areaFromCode(code);
        if (!area)
            return refuse(
                400, "bad-request",
                "Areas are `clinic`, `front-desk`, or codes such as `appointments`; see the documentation.",
                pointer);
        areas.insert(*area);
    }
    if (areas.empty())
        return refuse(400, "bad-request", "A device needs at least one area.", pointer);
    return areas;
}

std::vector<std::string_view> areaCodes(AreaSet areas)
{
    std::vector<std::string_view> codes;
    for (int i = 0; i < kAreaCount; ++i) {
        if (areas.contains(static_cast<Area>(i)))
            codes.push_back(areaCode(static_cast<Area>(i)));
    }
    return codes;
}

} // namespace yarrow::server
