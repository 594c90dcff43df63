// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/enrolment_code.h"

#include "server/auth/crypto.h"

namespace yarrow::server {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kGroups = 4;
constexpr std::size_t kData = 4; // characters of a group before its check character

/// x · value in GF(2^5) with x^5 + x^2 + 1.
unsigned timesX(unsigned value)
{
    value <<= 1U;
    return (value & 0x20U) != 0 ? value ^ 0x25U : value;
}

char checkCharacter(std::size_t group, std::string_view data)
{
    auto sum = static_cast<unsigned>(group + 1); // groups that changed places do not fit
    for (const char c : data)
        sum = timesX(sum) ^ static_cast<unsigned>(kAlphabet.find(c));
    return kAlphabet[timesX(sum)];
}

} // namespace

EnrolmentCode EnrolmentCode::random()
{
    EnrolmentCode code;
    const std::string data = crypto::randomText(kGroups * kData, kAlphabet);
    for (std::size_t group = 0; group < kGroups; ++group) {
        const std::string part = data.substr(group * kData, kData);
        if (group > 0)
            code.m_text += '-';
        code.m_text += part + checkCharacter(group, part);
    }
    return code;
}

Result<EnrolmentCode> EnrolmentCode::parse(std::string_view text, const std::string& pointer)
{
    const auto mistyped = [&](const std::string& what) {
        return refuse(400, "enrolment-code-mistyped", what, pointer);
    };
    std::string typed;
    for (char c : text) {
        if (c == '-' || c == ' ')
            continue;
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
        if (c == 'I' || c == 'L')
            c = '1';
        else if (c == 'O')
            c = '0';
        typed += c;
    }
    if (typed.size() != kGroups * (kData + 1))
        return mistyped("An enrolment code has four groups of five characters.");
    EnrolmentCode code;
    for (std::size_t group = 0; group < kGroups; ++group) {
        const std::string part = typed.substr(group * (kData + 1), kData + 1);
        if (part.find_first_not_of(kAlphabet) != std::string::npos ||
            checkCharacter(group, std::string_view(part).substr(0, kData)) != part.back())
            return mistyped("Group " + std::to_string(group + 1) + " of the enrolment code is mistyped.");
        if (group > 0)
            code.m_text += '-';
        code.m_text += part;
    }
    return code;
}

std::string EnrolmentCode::hash() const
{
    return crypto::sha256(m_text);
}

} // namespace yarrow::server
