// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/shrink.h"

#include <algorithm>

namespace yarrow::simulation {

std::vector<std::string> fewestOf(std::vector<std::string> events,
                                  const std::function<bool(const std::vector<std::string>&)>& fails, int runs)
{
    // Zeller's ddmin, without the step that tries a part alone: chunks are taken away, ever smaller ones.
    std::size_t chunk = std::max<std::size_t>(1, events.size() / 2);
    while (!events.empty() && runs > 0) {
        bool isSmaller = false;
        for (std::size_t at = 0; at < events.size() && runs > 0;) {
            std::vector<std::string> fewer = events;
            const auto begin = fewer.begin() + static_cast<std::ptrdiff_t>(at);
            const auto count = static_cast<std::ptrdiff_t>(std::min(chunk, events.size() - at));
            fewer.erase(begin, begin + count);
            --runs;
            if (fails(fewer)) {
                events = std::move(fewer);
                isSmaller = true;
            } else {
                at += chunk;
            }
        }
        if (chunk == 1 && !isSmaller)
            break;
        chunk = std::max<std::size_t>(1, chunk / 2);
    }
    return events;
}

std::vector<std::string> shrink(std::uint64_t seed, PlantedBug bug, int runs, Scenario scenario)
{
    const RunResult whole = simulate(seed, bug, {}, scenario);
    if (!whole.violation)
        return {};
    const auto fails = [&](const std::vector<std::string>& events) {
        const RunResult result =
            simulate(seed, bug, std::set<std::string>(events.begin(), events.end()), scenario);
        return result.violation && result.violation->invariant == whole.violation->invariant;
    };
    return fewestOf(whole.events, fails, runs);
}

std::string replayCommand(std::uint64_t seed, PlantedBug bug, const std::vector<std::string>& only,
                          Scenario scenario)
{
    std::string command = "./dev simulate --seed " + std::to_string(seed) + " --trace";
    if (scenario == Scenario::LargeClinic)
        command += " --large";
    if (scenario == Scenario::OtherServer)
        command += " --foreign";
    if (bug != PlantedBug::None)
        command += std::string(" --bug ") + plantedBugName(bug);
    if (!only.empty()) {
        command += " --only ";
        for (std::size_t i = 0; i < only.size(); ++i)
            command.append(i == 0 ? "" : ",").append(only[i]);
    }
    return command;
}

} // namespace yarrow::simulation
