// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <vector>

namespace yarrow::load {

using Clock = std::chrono::steady_clock;

[[nodiscard]] inline double secondsSince(Clock::time_point from)
{
    return std::chrono::duration<double>(Clock::now() - from).count();
}

/// How long things took, in milliseconds.
class Latencies
{
public:
    void add(Clock::time_point from) { m_values.push_back(secondsSince(from) * 1000); }
    [[nodiscard]] std::size_t count() const noexcept { return m_values.size(); }
    /// The nearest rank; 0 without values.
    [[nodiscard]] double percentile(double percent)
    {
        if (m_values.empty())
            return 0;
        std::sort(m_values.begin(), m_values.end());
        const double rank = std::ceil(percent / 100 * static_cast<double>(m_values.size()));
        return m_values[std::min(m_values.size(), static_cast<std::size_t>(std::max(rank, 1.0))) - 1];
    }

private:
    std::vector<double> m_values;
};

} // namespace yarrow::load
