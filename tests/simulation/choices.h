// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::simulation {

/// A seeded stream of numbers (SplitMix64).
class Dice
{
public:
    explicit Dice(std::uint64_t seed)
        : m_state(seed)
    {}
    std::uint64_t next() noexcept;
    /// 0 … bound - 1; 0 for a bound below 1.
    int below(int bound) noexcept;
    /// low … high.
    int between(int low, int high) noexcept { return low + below(high - low + 1); }
    bool chance(int perMille) noexcept { return below(1000) < perMille; }
    template <class Items>
    const auto& oneOf(const Items& items) noexcept
    {
        return items[static_cast<std::size_t>(below(static_cast<int>(items.size())))];
    }

private:
    std::uint64_t m_state;
};

/// Everything that is left to chance. Every decision has a name of its own and depends on the seed and that
/// name alone: so one that is taken out while shrinking leaves the others as they were.
class Choices
{
public:
    /// `only`: the events (faults and steps of the script) that may happen; none: all.
    explicit Choices(std::uint64_t seed, std::optional<std::set<std::string>> only = {})
        : m_seed(seed)
        , m_only(std::move(only))
    {}

    [[nodiscard]] std::uint64_t seed() const noexcept { return m_seed; }
    [[nodiscard]] Dice dice(std::string_view name) const noexcept;
    /// Whether the fault `kind` strikes at this opportunity, the next one of `where`.
    [[nodiscard]] bool strikes(const char* kind, const std::string& where, int perMille);
    /// Whether a step of the script is to be done.
    [[nodiscard]] bool takes(const std::string& step);
    /// From now on no fault strikes.
    void calm() noexcept { m_calm = true; }
    /// Faults that struck and steps that were taken, in their order.
    [[nodiscard]] const std::vector<std::string>& events() const noexcept { return m_events; }

private:
    std::uint64_t m_seed;
    std::optional<std::set<std::string>> m_only;
    std::map<std::string, int> m_opportunities;
    std::vector<std::string> m_events;
    bool m_calm = false;
};

} // namespace yarrow::simulation
