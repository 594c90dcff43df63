// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/author.h"
#include "server/auth/ec_key.h"
#include "server/auth/role.h"
#include "server/db/connection.h"
#include "server/problem.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server {

/// How a device names itself when it asks for a token: `<tenant>.<device>`.
struct ClientId
{
    TenantId tenant;
    std::string device;

    [[nodiscard]] static std::optional<ClientId> parse(std::string_view text);
    [[nodiscard]] std::string text() const { return tenant.text() + '.' + device; }
};

/// An enrolled workstation.
struct Device
{
    std::string id;
    std::string name;
    EcPublicKey key;
    std::string keyId; ///< the `kid` its assertions name; the thumbprint does as well
    AreaSet areas;
    std::string enrolledAt; ///< FHIR instants; empty: not yet
    std::string lastSeenAt;
    std::string revokedAt;
    bool isRevoked = false;
    bool wipe = false; ///< it is to delete its copy when it hears of the revocation
};

[[nodiscard]] std::optional<Device> findDevice(db::Transaction& transaction, std::string_view id);
[[nodiscard]] std::vector<Device> allDevices(db::Transaction& transaction); ///< by name
void insertDevice(db::Transaction& transaction, const Device& device);
/// Name and areas. Its open connections are told.
void updateDevice(db::Transaction& transaction, const Device& device);
/// From now on it is refused. Its open connections are told on the channel yarrow_access when this commits.
void revokeDevice(db::Transaction& transaction, std::string_view id, bool wipe, const Author& author);

/// 403 `device-revoked` with the header Yarrow-Device-State: `revoked` or `wipe`.
[[nodiscard]] Problem revokedProblem(bool wipe);

/// "clinic" (all areas), "front-desk", or area codes. 400 `bad-request`.
[[nodiscard]] Result<AreaSet> areasFromCodes(const std::vector<std::string>& codes,
                                             const std::string& pointer = {});
[[nodiscard]] std::vector<std::string_view> areaCodes(AreaSet areas);

} // namespace yarrow::server
