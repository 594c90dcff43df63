// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/db/tenant_id.h"

#include "server/random_uuid.h"

#include <cctype>

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
    return *parse(randomUuid());
}

} // namespace yarrow::server
