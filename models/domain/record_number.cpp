// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/record_number.h"

#include "core/error.h"

#include <algorithm>
#include <charconv>

namespace yarrow {
namespace {

constexpr std::size_t kLeastDigits = 6;
constexpr std::size_t kMostDigits = 18; // an int64 holds them

} // namespace

char checkDigit(std::string_view digits) noexcept
{
    int product = 10;
    for (const char digit : digits) {
        int sum = (product + (digit - '0')) % 10;
        if (sum == 0)
            sum = 10;
        product = (sum * 2) % 11;
    }
    return static_cast<char>('0' + (11 - product) % 10);
}

std::string recordNumber(std::int64_t sequence)
{
    YARROW_ASSERT(sequence > 0);
    std::string digits = std::to_string(sequence);
    digits.insert(0, kLeastDigits - std::min(kLeastDigits, digits.size()), '0');
    return digits + checkDigit(digits);
}

std::optional<std::int64_t> recordNumberSequence(std::string_view number) noexcept
{
    if (number.size() <= kLeastDigits || number.size() > kMostDigits + 1 ||
        !std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    const std::string_view digits = number.substr(0, number.size() - 1);
    if (checkDigit(digits) != number.back() || (digits.size() > kLeastDigits && digits.front() == '0'))
        return std::nullopt;
    std::int64_t sequence = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), sequence);
    if (sequence == 0)
        return std::nullopt;
    return sequence;
}

} // namespace yarrow
