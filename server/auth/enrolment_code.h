// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/problem.h"

#include <string>
#include <string_view>

namespace yarrow::server {

/// What a person types to let a workstation in: four groups of five, `7K3QT-…`, of digits and capital letters
/// without I, L, O and U. The fifth of each group is a check character (GF(32), so that one wrong character,
/// two that changed places, or two groups that did are noticed); the others are 80 random bits, too many to
/// guess from their hash.
class EnrolmentCode
{
public:
    [[nodiscard]] static EnrolmentCode random();
    /// As people type it: lower case, I and L for 1, O for 0, spaces, with or without dashes. 400
    /// `enrolment-code-mistyped`, naming the group.
    [[nodiscard]] static Result<EnrolmentCode> parse(std::string_view text, const std::string& pointer = {});

    [[nodiscard]] const std::string& text() const noexcept { return m_text; } ///< with dashes
    [[nodiscard]] std::string hash() const;                                   ///< SHA-256, 32 bytes

private:
    EnrolmentCode() = default;
    std::string m_text;
};

} // namespace yarrow::server
