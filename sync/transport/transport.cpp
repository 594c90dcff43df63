// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/transport/transport.h"

#include <algorithm>

namespace yarrow::sync {
namespace {

char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool sameName(std::string_view a, std::string_view b) noexcept
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

} // namespace

const char* methodName(Method method) noexcept
{
    switch (method) {
    case Method::Get:
        return "GET";
    case Method::Put:
        return "PUT";
    case Method::Post:
        return "POST";
    case Method::Delete:
        return "DELETE";
    }
    return "";
}

std::string_view Headers::find(std::string_view name) const noexcept
{
    const auto found = std::find_if(m_fields.begin(), m_fields.end(),
                                    [&](const auto& field) { return sameName(field.first, name); });
    return found == m_fields.end() ? std::string_view() : std::string_view(found->second);
}

} // namespace yarrow::sync
