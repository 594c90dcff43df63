// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every limit of the key files in one place.
namespace yarrow::tuning {

/// A key-slot file longer than this, or with more slots, is refused unread.
inline constexpr std::size_t kMaxKeyFileBytes = 1024U * 1024U;
inline constexpr std::size_t kMaxKeySlots = 1000;

/// What a file may ask for: a hostile one must not eat the machine's memory or hold it for minutes.
inline constexpr std::uint64_t kMaxScryptN = 1U << 20U;
inline constexpr std::uint64_t kMaxScryptR = 32;
inline constexpr std::uint64_t kMaxScryptP = 4;
inline constexpr std::uint64_t kMaxScryptBytes = 512U * 1024U * 1024U;
/// The cheapest password slot that is opened (a slot made for less would be open to guessing).
inline constexpr std::uint64_t kMinScryptN = 1U << 15U;
inline constexpr std::uint64_t kMinScryptR = 8;

/// Password rules: the least length in code points, and how simply a password may be put together; see
/// password_rules.h.
inline constexpr int kMinPasswordLength = 12;
inline constexpr int kMinPasswordParts = 5;

/// Failed sign-ins: so many are free, then the wait starts and doubles with each one.
inline constexpr int kFreeSignInFailures = 2;
inline constexpr std::chrono::seconds kFirstSignInWait{5};
inline constexpr std::chrono::seconds kLongestSignInWait{15 * 60};
inline constexpr std::size_t kMaxThrottleFileBytes = 1024U * 1024U;

/// How long the operating system's key store may take before it counts as absent.
inline constexpr std::chrono::milliseconds kKeyStoreTimeout{5000};

} // namespace yarrow::tuning
