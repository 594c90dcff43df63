// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/choices.h"

namespace yarrow::simulation {

std::uint64_t Dice::next() noexcept
{
    std::uint64_t z = m_state += 0x9E37'79B9'7F4A'7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58'476D'1CE4'E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D0'49BB'1331'11EBU;
    return z ^ (z >> 31U);
}

int Dice::below(int bound) noexcept
{
    return bound < 1 ? 0 : static_cast<int>(next() % static_cast<std::uint64_t>(bound));
}

Dice Choices::dice(std::string_view name) const noexcept
{
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325U; // FNV-1a
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x0000'0100'0000'01B3U;
    Dice mixed(hash ^ (m_seed * 0x9E37'79B9'7F4A'7C15U));
    return Dice(mixed.next());
}

bool Choices::strikes(const char* kind, const std::string& where, int perMille)
{
    if (m_calm)
        return false;
    std::string name = std::string(kind) + "@" + where;
    name += "#" + std::to_string(++m_opportunities[name]);
    if (!dice(name).chance(perMille) || (m_only && !m_only->contains(name)))
        return false;
    m_events.push_back(std::move(name));
    return true;
}

bool Choices::takes(const std::string& step)
{
    if (m_only && !m_only->contains(step))
        return false;
    m_events.push_back(step);
    return true;
}

} // namespace yarrow::simulation
