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

} // namespace yarrow::server
