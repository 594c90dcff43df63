// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto.h"
#include "core/error.h"
#include "core/id.h"
#include "core/json.h"
#include "core/secret_bytes.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace yarrow {

enum class SlotKind {
    Password, ///< one per user
    Device,   ///< the operating system's key store alone
    Recovery, ///< the printed code
};

/// What one guess at a password costs (scrypt, RFC 7914). The default takes 128 MiB and a few tenths of a
/// second.
struct KdfCost
{
    std::uint64_t n = 1U << 17U;
    std::uint64_t r = 8;
    std::uint64_t p = 1;
    bool operator==(const KdfCost&) const = default;
};

[[nodiscard]] const char* slotKindName(SlotKind kind) noexcept; ///< as it stands in the file

/// What a slot says about itself without being opened.
struct SlotInfo
{
    SlotKind kind = SlotKind::Password;
    AccountId userId;                 ///< of password slots, else empty
    std::string userName;             ///< of password slots, else empty; UTF-8, NFC
    std::int64_t verifierVersion = 0; ///< of the password verifier that the slot was made from; else 0
    bool needsDeviceSecret = false;   ///< whether the key store's secret is mixed into the password
    bool operator==(const SlotInfo&) const = default;
};

/// The database's keys in clear (32 bytes each). There are two while a rotation is under way.
struct DataKeys
{
    SecretBytes current;
    std::optional<SecretBytes> next;
};

/// The database's key of one version, sealed to a slot's public half.
struct SealedDataKey
{
    std::int64_t version = 0;
    crypto::Bytes sealed;
    /// HMAC of the slot under a key derived from the data key: whoever added the slot knew the data key. A
    /// public half that someone slipped into the file has none, and is never given a new data key.
    crypto::Bytes tag;
    bool operator==(const SealedDataKey&) const = default;
};

/// One way to open the database. The private half is wrapped under a key-encrypting key (KEK) that comes from
/// the password, the key store or the recovery code. Additional data bind every part to this slot and this
/// database.
struct KeySlot
{
    SlotInfo info;
    KdfCost cost; ///< of password slots
    crypto::Bytes salt;
    crypto::Bytes publicKey;
    crypto::Bytes wrappedPrivateKey;
    std::vector<SealedDataKey> keys; ///< oldest first
    bool operator==(const KeySlot&) const = default;
};

/// What every password must be made of before it is compared or stretched: NFC, UTF-8.
[[nodiscard]] SecretBytes normalisedPassword(const QString& password);

/// KEK = HKDF(scrypt(password) ‖ device secret), or HKDF of the device secret or the recovery code alone. The
/// salt and the kind are bound in. `secret` is empty, the device secret, or the code's bits.
[[nodiscard]] Result<SecretBytes> passwordKek(const KeySlot& slot, const QString& password,
                                              const SecretBytes& secret);
[[nodiscard]] SecretBytes randomSecretKek(const KeySlot& slot, const SecretBytes& secret);

/// A random salt. To be called before the KEK is derived.
void drawSalt(KeySlot& slot);
/// A new key pair, its private half wrapped; `slot.keys` is emptied. Everything else must be in place.
void makeKeyPair(KeySlot& slot, const SecretBytes& kek, const std::string& databaseId);
/// Appends the data key of a version.
[[nodiscard]] Result<void> sealDataKey(KeySlot& slot, std::int64_t version, const SecretBytes& dataKey,
                                       const std::string& databaseId);
/// The data keys, in the order of `slot.keys`. WrongPassword when the KEK does not fit; KeyFileDamaged when
/// it does and the rest does not.
[[nodiscard]] Result<std::vector<SecretBytes>> openDataKeys(const KeySlot& slot, const SecretBytes& kek,
                                                            const std::string& databaseId);
/// Whether the slot was added, as it stands, by someone who knew this data key.
[[nodiscard]] bool isVouchedFor(const KeySlot& slot, const SealedDataKey& key, const SecretBytes& dataKey,
                                const std::string& databaseId);

/// Whether a slot may cost this much. `floor` is the cheapest that is accepted.
[[nodiscard]] bool isAcceptable(const KdfCost& cost, const KdfCost& floor);
/// 1 to 64 letters (with their marks), digits and `. - _ @`.
[[nodiscard]] bool isUserName(const QString& name);

[[nodiscard]] Json slotToJson(const KeySlot& slot);
/// KeyFileDamaged with the member's name, or Unsupported for a slot written by a newer Yarrow.
[[nodiscard]] Result<KeySlot> slotFromJson(const Json& json, const KdfCost& floor);

} // namespace yarrow
