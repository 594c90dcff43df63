// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/device_routes.h"

#include "server/api/acting_person.h"
#include "server/api/json_answer.h"
#include "server/api/json_reader.h"
#include "server/audit/server_audit.h"
#include "server/auth/enrolment.h"

#include <boost/json.hpp>

namespace yarrow::server::api {
namespace {

constexpr std::size_t kMaxName = 100;
constexpr std::size_t kMaxCode = 100;
constexpr std::size_t kMaxKeyId = 200;
constexpr std::int64_t kMaxHours = 30 * 24;

boost::json::array jsonOf(AreaSet areas)
{
    boost::json::array codes;
    for (const std::string_view code : areaCodes(areas))
        codes.emplace_back(code);
    return codes;
}

boost::json::object jsonOf(const Device& device)
{
    boost::json::object json{{"id", device.id},
                             {"name", device.name},
                             {"areas", jsonOf(device.areas)},
                             {"scopeId", scopeIdOf(device.areas)},
                             {"enrolledAt", device.enrolledAt},
                             {"revoked", device.isRevoked},
                             {"wipe", device.wipe}};
    if (!device.lastSeenAt.empty())
        json["lastSeenAt"] = device.lastSeenAt;
    if (device.isRevoked)
        json["revokedAt"] = device.revokedAt;
    return json;
}

tl::unexpected<Problem> noSuchDevice()
{
    return refuse(404, "no-such-device", "This clinic has no such workstation.");
}

audit::Event deviceEvent(std::string action, const Device& device, const Author& author)
{
    audit::Event event{std::move(action)};
    event.account = author.account;
    event.role = author.role;
    event.device = author.device;
    event.resourceType = "Device";
    event.resourceId = device.id;
    return event;
}

Result<Response> enrolDevice(Call& call)
{
    JsonReader body(call.request);
    const std::string code = body.text("code", kMaxCode);
    const std::string name = body.text("name", kMaxName);
    const boost::json::object& jwk = body.object("publicKey");
    if (auto read = body.done(); !read)
        return tl::unexpected(read.error());
    const auto key = EcPublicKey::fromJwk(jwk, "/publicKey");
    if (!key)
        return tl::unexpected(key.error());
    std::string keyId = key->thumbprint();
    if (const auto* kid = jwk.if_contains("kid")) {
        if (!kid->is_string() || kid->get_string().empty() || kid->get_string().size() > kMaxKeyId)
            return refuse(400, "bad-request", "The key's kid must be a text of 1 to 200 bytes.",
                          "/publicKey/kid");
        keyId = kid->get_string();
    }
    const auto enrolment = enrol(call.db, code, name, *key, keyId);
    if (!enrolment)
        return tl::unexpected(enrolment.error());
    const std::string& base = call.request.baseUrl;
    return jsonAnswer(201, {{"clientId", enrolment->client.text()},
                            {"tenant", enrolment->client.tenant.text()},
                            {"device", enrolment->client.device},
                            {"clinic", {{"name", enrolment->clinicName}, {"slug", enrolment->clinicSlug}}},
                            {"areas", jsonOf(enrolment->areas)},
                            {"scopeId", scopeIdOf(enrolment->areas)},
                            {"fhirBase", base + "/fhir"},
                            {"tokenUrl", base + "/auth/token"}});
}

Result<Response> makeCode(Call& call)
{
    JsonReader body(call.request);
    std::vector<std::string> codes = body.texts("areas");
    const auto hours = body.optionalInteger("hours", 1, kMaxHours);
    if (auto read = body.done(); !read)
        return tl::unexpected(read.error());
    if (codes.empty())
        codes.emplace_back("clinic");
    const auto areas = areasFromCodes(codes, "/areas");
    if (!areas)
        return tl::unexpected(areas.error());
    db::Transaction transaction(call.db, call.principal().tenant);
    const auto admin = actingAdmin(call, transaction);
    if (!admin)
        return tl::unexpected(admin.error());
    if (auto allowed = checkMayGive(call, *areas, "/areas"); !allowed)
        return tl::unexpected(allowed.error());
    const auto made = makeEnrolmentCode(transaction, *areas, hours.value_or(kEnrolmentHours), admin->id);
    transaction.commit();
    return jsonAnswer(201, {{"code", made.code},
                            {"expiresAt", made.expiresAt},
                            {"areas", jsonOf(*areas)},
                            {"scopeId", scopeIdOf(*areas)}});
}

Result<Response> listDevices(Call& call)
{
    db::Transaction transaction(call.db, call.principal().tenant);
    if (const auto admin = actingAdmin(call, transaction); !admin)
        return tl::unexpected(admin.error());
    boost::json::array list;
    for (const Device& device : allDevices(transaction))
        list.push_back(jsonOf(device));
    return jsonAnswer(200, boost::json::object{{"devices", std::move(list)}});
}

/// A workstation may see itself; administrators see all.
Result<Response> showDevice(Call& call)
{
    const std::string& id = call.path.at("device");
    db::Transaction transaction(call.db, call.principal().tenant);
    if (call.principal().device != id) {
        if (const auto admin = actingAdmin(call, transaction); !admin)
            return tl::unexpected(admin.error());
    }
    const auto device = findDevice(transaction, id);
    if (!device)
        return noSuchDevice();
    return jsonAnswer(200, jsonOf(*device));
}

Result<Response> changeDevice(Call& call)
{
    JsonReader body(call.request);
    const auto name = body.optionalText("name", kMaxName);
    const auto codes = body.texts("areas");
    if (auto read = body.done(); !read)
        return tl::unexpected(read.error());
    db::Transaction transaction(call.db, call.principal().tenant);
    const auto admin = actingAdmin(call, transaction);
    if (!admin)
        return tl::unexpected(admin.error());
    auto device = findDevice(transaction, call.path.at("device"));
    if (!device)
        return noSuchDevice();
    if (name)
        device->name = *name;
    if (!codes.empty()) {
        const auto areas = areasFromCodes(codes, "/areas");
        if (!areas)
            return tl::unexpected(areas.error());
        if (auto allowed = checkMayGive(call, *areas, "/areas"); !allowed)
            return tl::unexpected(allowed.error());
        device->areas = *areas;
    }
    updateDevice(transaction, *device);
    audit::Event event = deviceEvent("device-changed", *device, authorOf(call, *admin));
    event.detail = "areas=" + scopeIdOf(device->areas);
    audit::append(transaction, event);
    transaction.commit();
    return jsonAnswer(200, jsonOf(*device));
}

Result<Response> revoke(Call& call)
{
    bool wipe = false;
    for (const auto& [name, value] : parseForm(call.request.query)) {
        if (name != "wipe")
            return refuse(400, "unknown-parameter", "Only wipe can be said here.");
        if (value != "true" && value != "false")
            return refuse(400, "bad-parameter", "wipe is true or false.");
        wipe = value == "true";
    }
    db::Transaction transaction(call.db, call.principal().tenant);
    const auto admin = actingAdmin(call, transaction);
    if (!admin)
        return tl::unexpected(admin.error());
    const std::string& id = call.path.at("device");
    if (!findDevice(transaction, id))
        return noSuchDevice();
    revokeDevice(transaction, id, wipe, authorOf(call, *admin));
    const auto device = findDevice(transaction, id);
    transaction.commit();
    return jsonAnswer(200, jsonOf(*device));
}

} // namespace

void addDeviceRoutes(Router& router)
{
    router.add({"POST", "/api/v1/enrolments", enrolDevice, Route::Access::Public, Route::Traffic::SignIn});
    router.add({"POST", "/api/v1/enrolment-codes", makeCode});
    router.add({"GET", "/api/v1/devices", listDevices});
    router.add({"GET", "/api/v1/devices/{device}", showDevice});
    router.add({"PATCH", "/api/v1/devices/{device}", changeDevice});
    router.add({"DELETE", "/api/v1/devices/{device}", revoke});
}

} // namespace yarrow::server::api
