// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::simulation {

/// What happened, line by line. Two runs of one seed have the same lines, and so the same hash.
class Trace
{
public:
    void say(std::int64_t micros, std::string_view who, std::string_view what);
    [[nodiscard]] std::uint64_t hash() const noexcept { return m_hash; }
    [[nodiscard]] const std::vector<std::string>& lines() const noexcept { return m_lines; }

private:
    std::uint64_t m_hash = 0xCBF2'9CE4'8422'2325U; // FNV-1a
    std::vector<std::string> m_lines;
};

} // namespace yarrow::simulation
