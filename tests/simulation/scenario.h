// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/simulation/world.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace yarrow::simulation {

/// Something that happens at a moment: somebody does something, something befalls a workstation or the
/// server.
struct Step
{
    std::string name; ///< "step12"
    Micros at = 0;
    int client = 0; ///< whom it concerns, if it concerns a workstation
    std::string what;
};

enum class Scenario {
    Clinic,      ///< a few records, and much that people do
    OtherServer, ///< the same at a server that is not ours, with habits that the seed draws
    LargeClinic, ///< so many records that a first exchange comes as files, and a few things that people do
};

/// What a seed stands for.
struct Plan
{
    int clients = 5;
    Weather weather;
    ModelRecords::Rules rules;
    std::optional<OtherServer::Habits> habits; ///< of a server that is not ours
    int rooms = 0;                             ///< records that nobody touches
    Micros exportTime = 0;                     ///< how long the server prepares files
    std::vector<Step> steps;                   ///< in the order of time

    [[nodiscard]] static Plan of(std::uint64_t seed, Scenario scenario = Scenario::Clinic);
};

struct RunResult
{
    std::optional<Violation> violation;
    std::uint64_t hash = 0;          ///< of the trace
    std::vector<std::string> events; ///< what a shrinker can take away
    std::vector<std::string> trace;
    int edits = 0;
    int versions = 0;
    int conflicts = 0;
};

/// Runs the plan of a seed, lets everything heal, and checks the invariants. `only`: the events that may
/// happen; none: all.
[[nodiscard]] RunResult simulate(std::uint64_t seed, PlantedBug bug = PlantedBug::None,
                                 std::optional<std::set<std::string>> only = {},
                                 Scenario scenario = Scenario::Clinic);

} // namespace yarrow::simulation
