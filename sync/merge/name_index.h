// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace yarrow::sync {

/// Numbers names from 0 in the order they come. Quick for the few members of an object and for the many
/// items of a list. The names must outlive it.
class NameIndex
{
public:
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    std::size_t add(std::string_view name); ///< its number, a new one if need be
    [[nodiscard]] std::size_t find(std::string_view name) const noexcept; ///< kNone when it was never added
    [[nodiscard]] std::size_t size() const noexcept { return m_names.size(); }
    [[nodiscard]] std::string_view operator[](std::size_t number) const noexcept { return m_names[number]; }

private:
    std::vector<std::string_view> m_names;
    std::unordered_map<std::string_view, std::size_t> m_numbers; ///< empty while there are few names
};

} // namespace yarrow::sync
