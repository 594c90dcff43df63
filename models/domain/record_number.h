// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yarrow {

/// The NamingSystem of the record numbers that Yarrow gives; within one clinic they are unique.
inline constexpr std::string_view kRecordNumberSystem = "https://yarrow.example/fhir/NamingSystem/mrn";

/// The check digit behind `digits` after ISO/IEC 7064:2003, the hybrid system MOD 11,10: every single wrong
/// digit is noticed, and almost every pair of neighbours that changed places. `digits` holds 0–9 only.
[[nodiscard]] char checkDigit(std::string_view digits) noexcept;

/// A medical record number: the sequence (1 or more) in at least six digits, and its check digit.
/// 1 → "0000013".
[[nodiscard]] std::string recordNumber(std::int64_t sequence);

/// The sequence of a number in that form; nothing when the check digit is wrong, or it is no such number.
[[nodiscard]] std::optional<std::int64_t> recordNumberSequence(std::string_view number) noexcept;

} // namespace yarrow
