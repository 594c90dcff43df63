// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/secret_bytes.h"

#include <QString>

namespace yarrow {

/// The code that opens the recovery slot: 256 random bits, written as 13 groups of five characters,
/// `7K2MX-…`. A group is four digits of Crockford's base 32 and a check character over the group and its
/// place, so that one wrong character, two swapped ones, and groups in the wrong order are all found and
/// located.
class RecoveryCode
{
public:
    [[nodiscard]] static RecoveryCode generate();

    /// What a person typed: either case, spaces and dashes anywhere, O for 0, I and L for 1.
    /// InvalidArgument "group 3" (from 1) for a typo, "length" when characters are missing and it cannot be
    /// said where.
    [[nodiscard]] static Result<RecoveryCode> parse(const QString& typed);

    /// For printing. It cannot be wiped, so it is made where it is shown and not kept.
    [[nodiscard]] QString text() const;
    [[nodiscard]] const SecretBytes& bits() const noexcept { return m_bits; } ///< 32 bytes

private:
    explicit RecoveryCode(SecretBytes bits)
        : m_bits(std::move(bits))
    {}
    SecretBytes m_bits;
};

} // namespace yarrow
