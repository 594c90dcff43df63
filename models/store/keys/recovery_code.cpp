// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/recovery_code.h"

#include "core/crypto.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yarrow {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kBytes = 32;
constexpr std::size_t kGroups = 13;     // 13 · 4 digits · 5 bits = 260: the last four bits are zero
constexpr std::size_t kGroupDigits = 4; // without the check character
constexpr std::size_t kGroupLength = 5; // with it
constexpr std::size_t kLength = kGroups * kGroupLength;

/// Multiplies by x in the field of 32 elements, modulo x⁵ + x² + 1, whose x generates all 31 others.
constexpr unsigned timesX(unsigned value)
{
    value <<= 1U;
    return (value & 32U) != 0 ? value ^ 0b100101U : value;
}

/// Σ x^(i+1)·digit[i] + x^group. The weights differ, so exchanged digits show; the last term differs per
/// group.
template <class Symbols>
unsigned checkDigit(const Symbols& digits, std::size_t group)
{
    unsigned sum = 0;
    for (std::size_t i = kGroupDigits; i-- > 0;)
        sum = timesX(sum ^ digits[i]);
    unsigned place = 1;
    for (std::size_t i = 0; i < group; ++i)
        place = timesX(place);
    return sum ^ place;
}

std::optional<unsigned> digitOf(QChar typed)
{
    const char16_t upper = typed.toUpper().unicode();
    if (upper == u'O')
        return 0;
    if (upper == u'I' || upper == u'L')
        return 1;
    if (upper >= 128)
        return {};
    const std::size_t at = kDigits.find(static_cast<char>(upper));
    if (at == std::string_view::npos)
        return {};
    return static_cast<unsigned>(at);
}

bool isSeparator(QChar c)
{
    return c.isSpace() || c.category() == QChar::Punctuation_Dash;
}

tl::unexpected<Error> wrongGroup(std::size_t index)
{
    return fail(ErrorCode::InvalidArgument, "group " + std::to_string(index + 1));
}

/// Which group has too few or too many characters; only to be told when the groups were typed apart.
tl::unexpected<Error> wrongLength(const QString& typed)
{
    std::vector<std::size_t> lengths;
    bool inside = false;
    for (const QChar c : typed) {
        if (isSeparator(c)) {
            inside = false;
            continue;
        }
        if (!std::exchange(inside, true))
            lengths.push_back(0);
        ++lengths.back();
    }
    if (lengths.size() == kGroups) {
        for (std::size_t i = 0; i < kGroups; ++i) {
            if (lengths[i] != kGroupLength)
                return wrongGroup(i);
        }
    }
    return fail(ErrorCode::InvalidArgument, "length");
}

} // namespace

RecoveryCode RecoveryCode::generate()
{
    return RecoveryCode(crypto::randomSecret(kBytes));
}

QString RecoveryCode::text() const
{
    const std::span<const std::uint8_t> bytes = m_bits.span();
    QString text;
    for (std::size_t group = 0; group < kGroups; ++group) {
        if (group > 0)
            text += u'-';
        std::array<unsigned, kGroupDigits> digits{};
        for (std::size_t i = 0; i < kGroupDigits; ++i) {
            for (std::size_t bit = 0; bit < 5; ++bit) {
                const std::size_t at = (group * kGroupDigits + i) * 5 + bit;
                const unsigned value = at / 8 < kBytes ? (bytes[at / 8] >> (7U - at % 8U)) & 1U : 0U;
                digits[i] = digits[i] << 1U | value;
            }
            text += QLatin1Char(kDigits[digits[i]]);
        }
        text += QLatin1Char(kDigits[checkDigit(digits, group)]);
    }
    return text;
}

Result<RecoveryCode> RecoveryCode::parse(const QString& typed)
{
    SecretBytes symbols(kLength);
    std::size_t count = 0;
    std::optional<std::size_t> notADigit;
    for (const QChar c : typed) {
        if (isSeparator(c))
            continue;
        const std::optional<unsigned> digit = digitOf(c);
        if (!digit && !notADigit)
            notADigit = count;
        if (count < kLength)
            symbols.span()[count] = static_cast<std::uint8_t>(digit.value_or(0));
        ++count;
    }
    if (count != kLength)
        return wrongLength(typed);
    if (notADigit)
        return wrongGroup(*notADigit / kGroupLength);

    SecretBytes bits(kBytes);
    for (std::size_t group = 0; group < kGroups; ++group) {
        const std::span<const std::uint8_t> digits =
            std::as_const(symbols).span().subspan(group * kGroupLength);
        if (checkDigit(digits, group) != digits[kGroupDigits])
            return wrongGroup(group);
        for (std::size_t i = 0; i < kGroupDigits * 5; ++i) {
            const unsigned bit = (digits[i / 5] >> (4U - i % 5U)) & 1U;
            const std::size_t at = group * kGroupDigits * 5 + i;
            if (at < kBytes * 8)
                bits.span()[at / 8] = static_cast<std::uint8_t>(bits.span()[at / 8] | bit << (7U - at % 8U));
            else if (bit != 0)
                return wrongGroup(group);
        }
    }
    return RecoveryCode(std::move(bits));
}

} // namespace yarrow
