// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/json/text_edits.h"

#include <algorithm>

namespace yarrow::server {

std::string edited(std::string_view text, std::vector<TextEdit> edits)
{
    std::stable_sort(edits.begin(), edits.end(),
                     [](const TextEdit& a, const TextEdit& b) { return a.offset < b.offset; });
    std::size_t size = text.size();
    for (const TextEdit& edit : edits)
        size += edit.replacement.size();

    std::string out;
    out.reserve(size);
    std::size_t at = 0;
    for (const TextEdit& edit : edits) {
        out += text.substr(at, edit.offset - at);
        out += edit.replacement;
        at = edit.offset + edit.length;
    }
    return out += text.substr(at);
}

std::string quotedJson(std::string_view text)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    out.reserve(text.size() + 2);
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (byte >= 0x20)
            out += c;
        else
            ((out += "\\u00") += kDigits[byte >> 4U]) += kDigits[byte & 0x0FU];
    }
    return out += '"';
}

} // namespace yarrow::server
