// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/trace.h"

#include <cstdio>

namespace yarrow::simulation {

void Trace::say(std::int64_t micros, std::string_view who, std::string_view what)
{
    constexpr double kSecond = 1e6;
    char time[32];
    std::snprintf(time, sizeof time, "%10.3f ", static_cast<double>(micros) / kSecond);
    std::string line = time;
    line.append(who).append(who.size() < 4 ? 4 - who.size() : 1, ' ').append(what);
    for (const char c : line)
        m_hash = (m_hash ^ static_cast<unsigned char>(c)) * 0x0000'0100'0000'01B3U;
    m_lines.push_back(std::move(line));
}

} // namespace yarrow::simulation
