// SPDX-License-Identifier: GPL-3.0-or-later
//
// simulate --seeds N --from S [--shrink]     N runs from seed S on; a failing one prints how to replay it
// simulate --seed S [--trace] [--only EVENTS] [--bug NAME] [--shrink]
// With --large the clinic holds so much that a first exchange comes as files; with --foreign the server is
// not ours.
#include "tests/simulation/invariants.h"
#include "tests/simulation/shrink.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QStringList>

#include <cstdio>
#include <sstream>

namespace {

using namespace yarrow::simulation;

constexpr int kShrinkRuns = 300;

struct Options
{
    std::uint64_t from = 1;
    std::uint64_t seeds = 100;
    bool trace = false;
    bool shrinks = false;
    PlantedBug bug = PlantedBug::None;
    Scenario scenario = Scenario::Clinic;
    std::optional<std::set<std::string>> only;
};

int usage()
{
    std::fputs("simulate [--seeds N] [--from S] [--seed S] [--trace] [--shrink] [--large] [--foreign] "
               "[--only EVENT,…] "
               "[--bug NAME]\n",
               stderr);
    return 2;
}

std::optional<PlantedBug> bugOf(const std::string& name)
{
    for (const PlantedBug bug : kPlantedBugs) {
        if (name == plantedBugName(bug))
            return bug;
    }
    for (const PlantedBug bug : kPlantedElsewhere) {
        if (name == plantedBugName(bug))
            return bug;
    }
    return std::nullopt;
}

std::optional<Options> optionsOf(const QStringList& arguments)
{
    Options options;
    for (int i = 1; i < arguments.size(); ++i) {
        const QString& name = arguments[i];
        if (name == QStringLiteral("--trace")) {
            options.trace = true;
        } else if (name == QStringLiteral("--shrink")) {
            options.shrinks = true;
        } else if (name == QStringLiteral("--large")) {
            options.scenario = Scenario::LargeClinic;
        } else if (name == QStringLiteral("--foreign")) {
            options.scenario = Scenario::OtherServer;
        } else if (i + 1 == arguments.size()) {
            return std::nullopt;
        } else if (name == QStringLiteral("--seeds")) {
            options.seeds = arguments[++i].toULongLong();
        } else if (name == QStringLiteral("--from")) {
            options.from = arguments[++i].toULongLong();
        } else if (name == QStringLiteral("--seed")) {
            options.from = arguments[++i].toULongLong();
            options.seeds = 1;
        } else if (name == QStringLiteral("--bug")) {
            const auto bug = bugOf(arguments[++i].toStdString());
            if (!bug)
                return std::nullopt;
            options.bug = *bug;
        } else if (name == QStringLiteral("--only")) {
            options.only.emplace();
            std::istringstream events(arguments[++i].toStdString());
            for (std::string event; std::getline(events, event, ',');)
                options.only->insert(event);
        } else {
            return std::nullopt;
        }
    }
    return options;
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const auto options = optionsOf(QCoreApplication::arguments());
    if (!options)
        return usage();
    QElapsedTimer timer;
    timer.start();
    std::uint64_t failures = 0;
    long edits = 0;
    long versions = 0;
    long conflicts = 0;
    for (std::uint64_t seed = options->from; seed < options->from + options->seeds; ++seed) {
        const RunResult result = simulate(seed, options->bug, options->only, options->scenario);
        edits += result.edits;
        versions += result.versions;
        conflicts += result.conflicts;
        if (options->trace) {
            for (const std::string& line : result.trace)
                std::printf("%s\n", line.c_str());
        }
        if (!result.violation)
            continue;
        ++failures;
        std::printf("seed %llu violates %s:\n  %s\n  %s\n", static_cast<unsigned long long>(seed),
                    invariantName(result.violation->invariant).c_str(), result.violation->what.c_str(),
                    replayCommand(seed, options->bug, {}, options->scenario).c_str());
        if (options->shrinks)
            std::printf("  %s\n", replayCommand(seed, options->bug,
                                                shrink(seed, options->bug, kShrinkRuns, options->scenario),
                                                options->scenario)
                                      .c_str());
        std::fflush(stdout);
    }
    constexpr double kMillisecondsPerMinute = 60'000.0;
    std::printf("%llu of %llu seeds failed; %ld edits, %ld versions, %ld conflicts; %.0f seeds a minute\n",
                static_cast<unsigned long long>(failures), static_cast<unsigned long long>(options->seeds),
                edits, versions, conflicts,
                static_cast<double>(options->seeds) * kMillisecondsPerMinute /
                    static_cast<double>(std::max<qint64>(1, timer.elapsed())));
    return failures == 0 ? 0 : 1;
}
