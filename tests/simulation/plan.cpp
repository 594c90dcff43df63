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

/// Every way of a server that is not ours, the tidy ones more often: what is told of such servers' limits
/// leaves less to check.
OtherServer::Habits habitsOf(Dice dice)
{
    OtherServer::Habits habits;
    const int feed = dice.below(4);
    habits.systemHistory = feed == 0;
    habits.typeHistory = feed <= 1;
    habits.lastUpdatedSearch = feed <= 2;
    habits.instanceHistory = feed <= 1 || dice.chance(300);
    habits.honoursIfMatch = dice.chance(650);
    habits.takesClientIds = dice.chance(550);
    habits.createsOnce = dice.chance(850);
    habits.rewrites = dice.chance(300);
    habits.answersMinimal = dice.chance(300);
    habits.checksReferences = dice.chance(500);
    habits.says410 = dice.chance(700);
    habits.findsByTag = dice.chance(950);
    habits.searchesLag = dice.chance(100);
    habits.tellsHistory = dice.chance(900);
    habits.stripsTags = dice.chance(100);
    habits.namesDeletions = dice.chance(700);
    habits.stampsAlike = dice.chance(300);
    constexpr std::array kPages{3, 10, 40};
    habits.pageEntries = dice.oneOf(kPages);
    return habits;
}

/// A request that comes again, or when its sender has given it up, does so unseen where the server minds no
/// preconditions: nobody promises anything for that.
void makeFit(Weather& weather, const OtherServer::Habits& habits)
{
    if (habits.honoursIfMatch && (habits.takesClientIds || habits.createsOnce))
        return;
    weather.lateRequest = 0;
    weather.duplicate = 0;
    weather.slow = 0;
}

std::string disasterElsewhere(Dice& dice)
{
    constexpr std::array kDisasters{"crash", "crash", "clock", "disk-full"};
    return dice.oneOf(kDisasters);
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
    const bool isElsewhere = scenario == Scenario::OtherServer;
    const Choices choices(seed);
    Dice dice = choices.dice("plan");
    Plan plan;
    plan.clients = isLarge ? 2 : isElsewhere ? 3 : dice.between(5, 6);
    plan.weather = weatherOf(choices.dice("weather"));
    if (isElsewhere) {
        plan.habits = habitsOf(choices.dice("habits"));
        makeFit(plan.weather, *plan.habits);
    }
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
    const int edits = isLarge       ? dice.between(5, 20)
                      : isElsewhere ? dice.between(15, 50)
                                    : dice.between(30, 90);
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
        const std::string what = isElsewhere ? disasterElsewhere(dice) : disasterOf(dice);
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
