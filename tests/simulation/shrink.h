// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/simulation/scenario.h"

#include <functional>
#include <string>
#include <vector>

namespace yarrow::simulation {

/// The fewest events found, out of those of a failing run, with which the same invariant still fails. At most
/// `runs` runs.
[[nodiscard]] std::vector<std::string> shrink(std::uint64_t seed, PlantedBug bug, int runs,
                                              Scenario scenario = Scenario::Clinic);

/// The same for anything that fails: `fails` says whether these events suffice.
[[nodiscard]] std::vector<std::string>
fewestOf(std::vector<std::string> events, const std::function<bool(const std::vector<std::string>&)>& fails,
         int runs);

/// One line for a shell that runs it again.
[[nodiscard]] std::string replayCommand(std::uint64_t seed, PlantedBug bug = PlantedBug::None,
                                        const std::vector<std::string>& only = {},
                                        Scenario scenario = Scenario::Clinic);

} // namespace yarrow::simulation
