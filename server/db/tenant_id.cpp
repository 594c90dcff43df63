// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/db/tenant_id.h"

#include <openssl/rand.h>

#include <array>
#include <cctype>
#include <stdexcept>

namespace yarrow::server {

std::optional<TenantId> TenantId::parse(std::string_view text)
{
    constexpr std::size_t kLength = 36;
    if (text.size() != kLength)
        return std::nullopt;
    TenantId id;
    id.m_text.reserve(kLength);
    for (std::size_t i = 0; i < kLength; ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const auto c = static_cast<unsigned char>(text[i]);
        if (dash ? c != '-' : std::isxdigit(c) == 0)
            return std::nullopt;
        id.m_text += static_cast<char>(std::tolower(c));
    }
    return id;
}

TenantId TenantId::random()
{
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("no random numbers");
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0FU) | 0x40U); // version 4
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3FU) | 0x80U); // RFC 9562 variant
    constexpr std::string_view kDigits = "0123456789abcdef";
    TenantId id;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            id.m_text += '-';
        id.m_text += kDigits[bytes[i] >> 4U];
        id.m_text += kDigits[bytes[i] & 0x0FU];
    }
    return id;
}

} // namespace yarrow::server
