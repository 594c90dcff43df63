// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/principal.h"

#include <string>

namespace yarrow::server::live {

/// Whose subscriptions a caller sees: "device/…" or "account/…".
[[nodiscard]] inline std::string ownerOf(const Principal& caller)
{
    return caller.kind == Principal::Kind::Device ? "device/" + caller.device : "account/" + caller.account;
}

} // namespace yarrow::server::live
