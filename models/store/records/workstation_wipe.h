// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "models/store/db/connection.h"
#include "models/store/keys/device_secret_store.h"
#include "models/store/keys/key_slot.h"
#include "models/store/profile.h"

#include <cstdint>
#include <string_view>

namespace yarrow {

// Why a server link is stopped: the order is there, and it was carried out.
inline constexpr std::string_view kToBeWiped = "device-revoked, wipe";
inline constexpr std::string_view kWiped = "device-revoked, wiped";

/// What an administrator of the server ordered for a workstation that may be in wrong hands: nobody opens the
/// clinic here any more. First every password and the key store lose their way to the key, then the records
/// go. Edits that no server has acknowledged stay, encrypted, and open with the recovery code alone; where
/// there are none, nothing stays. `connection` may write; others may have the clinic open and must be ended
/// now. `secrets` may be nullptr. How many edits stay. What was cut off is finished when the clinic is next
/// looked at: resumeWipe(), and by whoever opens the database first.
[[nodiscard]] Result<std::int64_t> wipeWorkstation(Connection& connection, const Profile& profile,
                                                   DeviceSecretStore* secrets, const KdfCost& cost = {});

/// Goes on with a wipe that was cut off as far as that needs no key: nobody's password opens the clinic
/// afterwards, no backup is there, and where nothing is to stay, nothing does. Without `secrets` (nullptr)
/// what is in the key store is left to the next call.
[[nodiscard]] Result<void> resumeWipe(const Profile& profile, DeviceSecretStore* secrets,
                                      const KdfCost& cost = {});

/// A wipe was begun here and has not come to its end.
[[nodiscard]] bool isMarkedForWipe(const Profile& profile);

/// The order is there, and was not carried out to its end. Throws SQLite::Exception.
[[nodiscard]] bool isToBeWiped(Connection& connection);

} // namespace yarrow
