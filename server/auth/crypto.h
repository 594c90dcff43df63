// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yarrow::server::crypto {

/// Bytes live in std::string; the names of parameters and functions say where text is meant.

[[nodiscard]] std::string sha256(std::string_view bytes); ///< 32 bytes
[[nodiscard]] std::string randomBytes(std::size_t count);
[[nodiscard]] std::string randomUuid(); ///< version 4, lower case

/// `count` letters of `alphabet`, each equally likely. The alphabet has at most 256 letters.
[[nodiscard]] std::string randomText(std::size_t count, std::string_view alphabet);

/// Takes the same time wherever they differ. Their lengths are no secret.
[[nodiscard]] bool equal(std::string_view a, std::string_view b) noexcept;

/// Overwrites what a string held; it is empty afterwards.
void wipe(std::string& secret) noexcept;

[[nodiscard]] std::string toHex(std::string_view bytes); ///< lower case
[[nodiscard]] std::optional<std::string> fromHex(std::string_view text);

/// Without padding. Reading refuses padding, other characters, and bits that no byte holds.
[[nodiscard]] std::string toBase64Url(std::string_view bytes);
[[nodiscard]] std::optional<std::string> fromBase64Url(std::string_view text);
/// RFC 4648, section 4, with padding; reading as strict as above.
[[nodiscard]] std::string toBase64(std::string_view bytes);
[[nodiscard]] std::optional<std::string> fromBase64(std::string_view text);

/// AES-256-GCM under a key of 32 bytes, with a fresh random nonce: nonce (12) ‖ ciphertext ‖ tag (16).
[[nodiscard]] std::string seal(std::string_view key, std::string_view plain, std::string_view additionalData);
/// The reverse; nothing when the key, the additional data or a byte of `sealed` is not what it was.
[[nodiscard]] std::optional<std::string> open(std::string_view key, std::string_view sealed,
                                              std::string_view additionalData);

} // namespace yarrow::server::crypto
