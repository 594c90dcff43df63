// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/keys/key_slot_file.h"

namespace yarrow::samples {

inline constexpr KdfCost kCheap{16, 8, 1}; ///< so that a test can derive thousands of keys
inline const std::string kDatabase = "0192aa00-0000-7000-8000-000000000001";
inline const QString kPassword = QStringLiteral("lantern-orchid-42-quay");
inline const QString kOtherPassword = QStringLiteral("gravel-teapot-97-moss");

inline SecretBytes key(std::uint8_t seed)
{
    SecretBytes bytes(32);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes.span()[i] = static_cast<std::uint8_t>(seed + i);
    return bytes;
}

inline DataKeys keys(std::uint8_t seed)
{
    return {key(seed), std::nullopt};
}

inline KeySlotFile::PasswordOwner owner(const char* id, const QString& name, std::int64_t verifier = 1)
{
    return {AccountId::known(id), name, verifier};
}

/// Two users (the second needs the device secret `key(200)`), no other slots. The data key is `key(1)`.
inline KeySlotFile twoUsers(const std::string& database = kDatabase)
{
    KeySlotFile file = KeySlotFile::create(database, kCheap).value();
    const SecretBytes device = key(200);
    const auto nora = file.addPasswordSlot(keys(1), owner("user-1", QStringLiteral("nora")), kPassword);
    YARROW_ASSERT(nora.has_value());
    const auto emil =
        file.addPasswordSlot(keys(1), owner("user-2", QStringLiteral("emil"), 7), kOtherPassword, &device);
    YARROW_ASSERT(emil.has_value());
    return file;
}

inline bool same(const SecretBytes& a, const SecretBytes& b)
{
    return a.view() == b.view();
}

} // namespace yarrow::samples
