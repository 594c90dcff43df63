// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server {

/// A part of a text that gives way to another one. A length of 0 puts something in.
struct TextEdit
{
    std::size_t offset = 0;
    std::size_t length = 0;
    std::string replacement;
};

/// The text after the edits, every other byte as it was. They do not overlap; those at the same place are
/// done in their order.
[[nodiscard]] std::string edited(std::string_view text, std::vector<TextEdit> edits);

} // namespace yarrow::server
