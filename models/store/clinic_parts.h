// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/clinic.h"

#include <functional>
#include <memory>

namespace yarrow {

// What opening a clinic and changing who may open it have in common.

[[nodiscard]] QString pathText(const std::filesystem::path& path);

/// A profile's clinic, before anybody has its key.
struct ClosedClinic
{
    ProfileLock lock;
    KeySlotFile keyFile;
};
/// Goes on with a wipe that was cut off, first. NotFound when there is no clinic; DatabaseBusy.
[[nodiscard]] Result<ClosedClinic> findClinic(const Profile& profile, ProfileLock::Kind kind,
                                              const StoreEnvironment& environment);

struct OpenedDatabase
{
    std::unique_ptr<Connection> connection; ///< may write
    bool wasWiped = false;                  ///< just now: the key file is another one, or none
};
/// Brought up to date, and an order to wipe it out that was cut off carried out.
[[nodiscard]] Result<OpenedDatabase> openDatabase(const Profile& profile, const SecretBytes& key,
                                                  const StoreEnvironment& environment);

/// The key file as `change` leaves it, saved. Nothing is written when that fails. To be called inside a
/// transaction, which keeps other programs from the key file. For what the audit need not tell: see
/// changeKeyFile(). Throws SQLite::Exception.
[[nodiscard]] Result<KeySlotFile> changedKeyFile(Connection& connection, const Clock& clock,
                                                 const Profile& profile, const KdfCost& cost,
                                                 const std::function<Result<void>(KeySlotFile&)>& change);

/// The key store's secret of this database, made and stored when there is none yet. Nothing when the machine
/// has no key store.
[[nodiscard]] Result<std::optional<SecretBytes>> makeDeviceSecret(const std::string& databaseId,
                                                                  DeviceSecretStore* secrets);
[[nodiscard]] DeviceSecretSource secretSource(const std::string& databaseId, DeviceSecretStore* secrets);

/// The slot of the account and the one of its name, which may be another's who was renamed at the server.
/// InvalidArgument "last slot" when nothing could open the database then.
[[nodiscard]] Result<void> removeSlotsOf(KeySlotFile& keyFile, const Account& account);

/// Throws SQLite::Exception.
[[nodiscard]] ClinicIdentity readIdentity(Connection& connection);

struct DeviceOpening
{
    UnlockedKeys unlocked;
    SecretBytes secret;                     ///< the key store's
    std::unique_ptr<Connection> connection; ///< may write
};
/// Through the slot of the device. The database is as this program's migrations leave it; errors as
/// openUnattended().
[[nodiscard]] Result<DeviceOpening> openByDeviceSlot(const Profile& profile, const KeySlotFile& keyFile,
                                                     const StoreEnvironment& environment);

/// For somebody without a key slot here, or with one of an older password: through the device slot, if policy
/// made one, with the verifier that the server gave. Makes their slot. WrongPassword for every reason it is
/// not to be.
[[nodiscard]] Result<UnlockedKeys> unlockByVerifier(const Profile& profile, KeySlotFile& keyFile,
                                                    const QString& userName, const QString& password,
                                                    const StoreEnvironment& environment);

/// Forbidden, audited, when the account was disabled or its password replaced; the slot is gone then.
[[nodiscard]] Result<void> checkAdmission(const Profile& profile, CommandScope& scope, const Account& account,
                                          const SlotInfo& slot, const KdfCost& cost);

} // namespace yarrow
