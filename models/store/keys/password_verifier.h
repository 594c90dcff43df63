// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

#include <QString>

#include <string>
#include <string_view>

namespace yarrow {

// What a person's password of the whole clinic is checked with, wherever there is no key slot of theirs:
// scrypt (RFC 7914), N = 2^17, r = 8, p = 1, a salt of its own. As JSON, the same at the server:
// {"kdf": "scrypt", "n": 131072, "r": 8, "p": 1, "salt": base64, "hash": base64}. Both functions take a few
// tenths of a second.

[[nodiscard]] Result<std::string> makeVerifier(const QString& password);
/// In constant time. False for what is no verifier, or one that costs another amount.
[[nodiscard]] bool fitsVerifier(const QString& password, std::string_view verifier);

} // namespace yarrow
