// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "models/store/db/connection.h"
#include "models/store/keys/device_secret_store.h"
#include "models/store/profile.h"

#include <cstdint>

namespace yarrow {

/// What an administrator of the server ordered for a workstation that may be in wrong hands: nobody opens the
/// clinic here any more. First every password and the key store lose their way to the key, then the records
/// go. Edits that no server has acknowledged stay, encrypted, and open with the recovery code alone; where
/// there are none, nothing stays. `connection` may write; others may have the clinic open and must be ended
/// now. `secrets` may be nullptr. How many edits stay. What is cut off after the first step keeps records
/// that open with the recovery code alone.
[[nodiscard]] Result<std::int64_t> wipeWorkstation(Connection& connection, const Profile& profile,
                                                   DeviceSecretStore* secrets);

} // namespace yarrow
