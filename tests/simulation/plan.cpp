// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/scenario.h"
#include "tests/simulation/users.h"

#include <algorithm>
#include <array>

namespace yarrow::simulation {
namespace {

constexpr Micros kLength = 8 * kMinute;
constexpr Micros kLengthOfLarge = 2 * kMinute;

/// Most seeds have some faults, few have all: rare combinations show best when little else goes on.
Weather weatherOf(Dice dice)
{
    Weather weather;
    const std::array<int*, 16> rates{
        &weather.lostRequest, &weather.lateRequest,   &weather.duplicate, &weather.slow,
        &weather.lostAnswer,  &weather.cutOff,        &weather.garbage,   &weather.truncated,
        &weather.expiredLink, &weather.tooLarge,      &weather.busy,      &weather.serverError,
        &weather.crashAtSend, &weather.crashAtCommit, &weather.pause,     &weather.powerCut};
    for (int* rate : rates) {
        if (dice.chance(350))
            *rate = dice.between(10, 120);
    }
    weather.crashAtCommit /= 4; // there are many commits
    weather.powerCut /= 4;
    weather.pause *= 2;
    return weather;
}

std::string disasterOf(Dice& dice)
{
    constexpr std::array kDisasters{"crash",    "crash",     "clock",        "disk-full", "disk-full",
                                    "old-copy", "duplicate", "role",         "scope",     "revoke",
                                    "floor",    "restore",   "server-clock", "forget"};
    return dice.oneOf(kDisasters);
}

std::string rivalOf(const std::string& deed)
{
    if (deed == "delete-allergy")
        return "allergy";
    if (deed == "delete-prescription")
        return "dosage";
    if (deed == "delete-relation")
        return "relation";
    if (deed == "delete-appointment" || deed == "cancel")
        return "comment";
    return deed == "comment" ? "delete-appointment" : deed;
}

} // namespace

Plan Plan::of(std::uint64_t seed, Scenario scenario)
{
    const bool isLarge = scenario == Scenario::LargeClinic;
    const Choices choices(seed);
    Dice dice = choices.dice("plan");
    Plan plan;
    plan.clients = isLarge ? 2 : dice.between(5, 6);
    plan.weather = weatherOf(choices.dice("weather"));
    plan.rules.demandsPreconditions = dice.chance(500);

    const auto add = [&](Micros at, int client, std::string what) {
        plan.steps.push_back({{}, at, client, std::move(what)});
    };
    const auto moment = [&]() {
        const Micros length = isLarge ? kLengthOfLarge : kLength;
        return static_cast<Micros>(dice.below(static_cast<int>(length / kSecond))) * kSecond;
    };

    if (isLarge) {
        Dice files = choices.dice("files");
        plan.rooms = 5200;
        // Sometimes longer than anybody waits.
        plan.exportTime = files.chance(100) ? 15 * kMinute : files.between(0, 30) * kSecond;
    }
    const int edits = isLarge ? dice.between(5, 20) : dice.between(30, 90);
    for (int i = 0; i < edits; ++i) {
        const Micros at = moment();
        const int client = dice.below(plan.clients);
        const std::string deed = dice.oneOf(deeds());
        add(at, client, deed);
        if (dice.chance(250)) // at once another one, before the first is sent
            add(at + dice.between(1, 3000) * kMillisecond, client, deed);
        if (dice.chance(250)) // somebody else with the same kind of record in mind
            add(at + dice.between(0, 300) * kMillisecond, dice.below(plan.clients), rivalOf(deed));
        if (dice.chance(200))
            add(at + dice.between(1, 20) * kSecond, client, "sign-in");
    }
    for (int client = 0; client < plan.clients; ++client) {
        for (int absences = dice.below(3); absences > 0; --absences) {
            const Micros from = moment();
            add(from, client, "offline");
            add(from + dice.between(20, 200) * kSecond, client, "online");
        }
    }
    for (int disasters = dice.below(5); disasters > 0; --disasters) {
        const Micros at = moment();
        const int client = dice.below(plan.clients);
        const std::string what = disasterOf(dice);
        if (what == "old-copy" || what == "restore")
            add(std::max(Micros{0}, at - dice.between(10, 200) * kSecond), client, what + "-taken");
        add(at, client, what);
        if (what == "disk-full" || what == "revoke" || what == "scope")
            add(at + dice.between(10, 120) * kSecond, client, what + "-ends");
    }
    std::stable_sort(plan.steps.begin(), plan.steps.end(),
                     [](const Step& a, const Step& b) { return a.at < b.at; });
    for (std::size_t i = 0; i < plan.steps.size(); ++i)
        plan.steps[i].name = "step" + std::to_string(i);
    return plan;
}

} // namespace yarrow::simulation
