// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/keys/key_slot.h"
#include "models/store/keys/recovery_code.h"

#include <QStringList>

#include <functional>

namespace yarrow {

/// Fetches the key store's secret (32 bytes or more). Asked only when the slot needs it.
using DeviceSecretSource = std::function<Result<SecretBytes>()>;

/// What opening a slot gives.
struct UnlockedKeys
{
    SlotInfo slot; ///< whose; compare `verifierVersion` with the synced one before letting anybody in
    DataKeys keys;
};

/// The key-slot file (`keys.json`, beside the database and in every backup): how the database's key (DEK) is
/// reached with a password, the key store or the recovery code.
///
/// A plain value without secrets in clear; for one thread at a time. Nothing is on disk until save().
/// Deriving a key from a password takes a few tenths of a second and 128 MiB: not for the GUI thread.
///
/// **Rotation.** beginRotation() and save; re-encrypt the database under the new key; finishRotation() and
/// save. In between, unlocking gives both keys: after a crash the caller tries `current`, then `next`, on the
/// database, and goes on, or gives up with cancelRotation(), or finishes.
///
/// **Whom it withstands.** Parts of slots cannot be exchanged between users, kinds, databases and key
/// versions, and a slot that was put into the file without knowing the DEK neither opens nor receives the
/// next DEK. An older copy of the whole file is not recognised; it opens what it always opened.
class KeySlotFile
{
public:
    /// `cost` is what new password slots cost; the default is for production. Existing slots that are cheaper
    /// than both it and the lower bound of key_file_tuning.h are refused, so only a test that asks for less
    /// accepts less. `databaseId` is a UUID; InvalidArgument when it is not a FHIR id.
    [[nodiscard]] static Result<KeySlotFile> create(const std::string& databaseId, const KdfCost& cost = {});
    /// KeyFileDamaged (context: which slot and member), or Unsupported when written by a newer Yarrow.
    [[nodiscard]] static Result<KeySlotFile> parse(std::string_view text, const KdfCost& cost = {});
    /// As parse(); NotFound when there is no file, else Io.
    [[nodiscard]] static Result<KeySlotFile> load(const QString& path, const KdfCost& cost = {});

    [[nodiscard]] std::string text() const;
    /// Atomic, mode 0600; as writeFileAtomically(). InvalidArgument for a file without slots (it would lose
    /// the data), LimitExceeded past 1 MiB.
    [[nodiscard]] Result<void> save(const QString& path) const;

    [[nodiscard]] const std::string& databaseId() const noexcept { return m_databaseId; }
    [[nodiscard]] std::int64_t keyVersion() const noexcept { return m_keyVersion; }
    [[nodiscard]] bool isRotating() const noexcept { return m_rotating; }
    [[nodiscard]] std::vector<SlotInfo> slots() const;
    [[nodiscard]] bool hasSlot(SlotKind kind) const;
    [[nodiscard]] QStringList userNames() const; ///< in the order they were added
    /// The user's slot; names compare without regard to case.
    [[nodiscard]] std::optional<SlotInfo> passwordSlot(const QString& userName) const;

    // Adding a slot takes the keys that unlocking gave (or, for the very first slot, the new database's key).
    // InvalidArgument when they are not this file's keys; LimitExceeded past 1000 slots.

    struct PasswordOwner
    {
        AccountId userId;
        QString userName; ///< 1–64 letters, digits, . - _ @
        std::int64_t verifierVersion = 0;
    };
    /// AlreadyExists when the user, or the name, has one. `deviceSecret` null: the password alone opens the
    /// slot.
    [[nodiscard]] Result<void> addPasswordSlot(const DataKeys& keys, const PasswordOwner& owner,
                                               const QString& password,
                                               const SecretBytes* deviceSecret = nullptr);
    /// In place of the one there may be.
    [[nodiscard]] Result<void> setDeviceSlot(const DataKeys& keys, const SecretBytes& deviceSecret);
    /// In place of the one there may be; the older code opens nothing any more.
    [[nodiscard]] Result<RecoveryCode> setRecoverySlot(const DataKeys& keys);

    /// WrongPassword (also for a name without a slot, and for damage to what the password alone could open,
    /// which cannot be told apart); KeyStoreUnavailable when the slot needs the device secret and `source` is
    /// empty or has none; KeyFileDamaged.
    [[nodiscard]] Result<UnlockedKeys> unlockWithPassword(const QString& userName, const QString& password,
                                                          const DeviceSecretSource& source = {}) const;
    /// NotFound when there is no such slot, WrongPassword when the secret does not open it.
    [[nodiscard]] Result<UnlockedKeys> unlockWithDeviceSecret(const SecretBytes& deviceSecret) const;
    [[nodiscard]] Result<UnlockedKeys> unlockWithRecoveryCode(const RecoveryCode& code) const;

    /// Makes the user's slot anew (key pair, salt, cost), so that the old password opens nothing that comes
    /// later; the other slots and the data stay. Errors as unlockWithPassword(); nothing changes then.
    [[nodiscard]] Result<void> changePassword(const QString& userName, const QString& oldPassword,
                                              const QString& newPassword, std::int64_t verifierVersion,
                                              const DeviceSecretSource& source = {});

    /// NotFound when there is none; InvalidArgument "last slot" when nothing could open the database then.
    [[nodiscard]] Result<void> removePasswordSlot(const AccountId& userId);
    [[nodiscard]] Result<void> removeDeviceSlot() { return removeOnly(SlotKind::Device); }
    [[nodiscard]] Result<void> removeRecoverySlot() { return removeOnly(SlotKind::Recovery); }

    /// Seals `newKey` to every slot, without anybody's password. AlreadyExists when a rotation is under way;
    /// KeyFileDamaged, and nothing changed, when a slot was not added by someone who knew the current key.
    [[nodiscard]] Result<void> beginRotation(const SecretBytes& currentKey, const SecretBytes& newKey);
    /// The new key is the current one from now on; the old one is dropped. InvalidArgument when none is under
    /// way.
    [[nodiscard]] Result<void> finishRotation();
    /// The new key is dropped. InvalidArgument when none is under way.
    [[nodiscard]] Result<void> cancelRotation();

    bool operator==(const KeySlotFile&) const = default;

private:
    KeySlotFile() = default;

    [[nodiscard]] Result<void> checkKeys(const DataKeys& keys) const;
    [[nodiscard]] Result<void> sealKeys(KeySlot& slot, const DataKeys& keys) const;
    [[nodiscard]] Result<UnlockedKeys> unlock(const KeySlot& slot, const SecretBytes& kek) const;
    [[nodiscard]] Result<void> setOnly(KeySlot slot, const DataKeys& keys, const SecretBytes& secret);
    [[nodiscard]] Result<void> removeOnly(SlotKind kind);
    [[nodiscard]] Result<void> removeAt(std::size_t index);
    [[nodiscard]] const KeySlot* findUser(const QString& userName) const;
    [[nodiscard]] const KeySlot* findOnly(SlotKind kind) const;
    [[nodiscard]] Result<void> checkWhole() const;

    std::string m_databaseId;
    std::int64_t m_keyVersion = 1;
    bool m_rotating = false; ///< then every slot has the key of m_keyVersion + 1 as well
    std::vector<KeySlot> m_slots;
    KdfCost m_cost;
};

} // namespace yarrow
