// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/json/json_escapes.h"

#include <cstdint>

namespace yarrow::server {
namespace {

void appendUtf8(std::string& out, std::uint32_t c)
{
    const auto append = [&out](std::uint32_t byte) {
        out += static_cast<char>(static_cast<unsigned char>(byte));
    };
    if (c < 0x80) {
        append(c);
    } else if (c < 0x800) {
        append(0xC0 | c >> 6);
        append(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        append(0xE0 | c >> 12);
        append(0x80 | (c >> 6 & 0x3F));
        append(0x80 | (c & 0x3F));
    } else {
        append(0xF0 | c >> 18);
        append(0x80 | (c >> 12 & 0x3F));
        append(0x80 | (c >> 6 & 0x3F));
        append(0x80 | (c & 0x3F));
    }
}

/// Of four hexadecimal digits that have been checked.
std::uint32_t unitOf(const char* digits) noexcept
{
    std::uint32_t unit = 0;
    for (int i = 0; i < 4; ++i) {
        const auto c = static_cast<unsigned char>(digits[i]);
        unit = unit << 4 | static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return unit;
}

} // namespace

std::string unescapeJson(std::string_view string)
{
    const std::string_view text = string.substr(1, string.size() - 2);
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t escape = text.find('\\', at);
        out += text.substr(at, escape - at);
        if (escape == std::string_view::npos)
            break;
        at = escape + 2;
        switch (const char c = text[escape + 1]) {
        case 'b':
            out += '\b';
            break;
        case 'f':
            out += '\f';
            break;
        case 'n':
            out += '\n';
            break;
        case 'r':
            out += '\r';
            break;
        case 't':
            out += '\t';
            break;
        case 'u': {
            std::uint32_t unit = unitOf(text.data() + at);
            at += 4;
            if (unit >= 0xD800 && unit < 0xDC00) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (unitOf(text.data() + at + 2) - 0xDC00);
                at += 6;
            }
            appendUtf8(out, unit);
            break;
        }
        default:
            out += c;
        }
    }
    return out;
}

} // namespace yarrow::server
