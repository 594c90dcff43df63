// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/secret_bytes.h"
#include "models/store/keys/key_slot_file.h"
#include "models/store/profile.h"

#include <functional>

namespace yarrow {

/// Where a rotation stands; a test stops it after each.
enum class RotationStep { KeysSaved, Copied, Rekeyed, Renamed };

/// Gives the database the key `newKey`. The caller holds the profile lock alone and has no connection open.
/// At every instant the profile's database opens with one of the two keys in the key file. `reached` returns
/// false to stop there, as a crash would.
[[nodiscard]] Result<void> rotateDataKey(const Profile& profile, KeySlotFile& keyFile,
                                         const SecretBytes& current, const SecretBytes& newKey,
                                         const std::function<bool(RotationStep)>& reached = {});

/// Ends a rotation that was cut off: forwards when the database has the new key already, else back. `keys`
/// become those that hold afterwards. Takes the profile lock for
/// itself; DatabaseBusy also when another program changed the key file meanwhile. `cost` as in
/// KeySlotFile::load().
[[nodiscard]] Result<void> settleRotation(const Profile& profile, KeySlotFile& keyFile, DataKeys& keys,
                                          const KdfCost& cost);
/// The same for a caller who holds the lock alone.
[[nodiscard]] Result<void> settleRotationAlone(const Profile& profile, KeySlotFile& keyFile, DataKeys& keys);

} // namespace yarrow
