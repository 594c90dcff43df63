// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/role.h"
#include "server/db/tenant_id.h"

#include <optional>
#include <string>

namespace yarrow::server {

/// Who sends the request, as a valid token says. Clinic and scope come from here and from nowhere else.
struct Principal
{
    enum class Kind { Device, Person };

    TenantId tenant;
    Kind kind = Kind::Device;
    std::string device;       ///< device id; empty for a person without one
    std::string account;      ///< account id of a person; empty for a device
    std::optional<Role> role; ///< of a person
    AreaSet areas;            ///< what it may read
    std::string scopeId;      ///< names the set of areas; another set has another name
    std::int64_t expires = 0; ///< of the token, seconds since 1970
};

} // namespace yarrow::server
