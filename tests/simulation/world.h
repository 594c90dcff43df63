// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "tests/simulation/choices.h"
#include "tests/simulation/model_server.h"
#include "tests/simulation/oracle.h"
#include "tests/simulation/other_server.h"
#include "tests/simulation/scheduler.h"
#include "tests/simulation/trace.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace yarrow::simulation {

/// How often each fault strikes, in a thousand opportunities.
struct Weather
{
    int lostRequest = 0;
    int lateRequest = 0; ///< arrives when the client has long given up
    int duplicate = 0;
    int slow = 0; ///< overtaken by what is sent after it
    int lostAnswer = 0;
    int cutOff = 0;
    int garbage = 0;
    int truncated = 0;
    int expiredLink = 0;
    int tooLarge = 0;
    int busy = 0;        ///< 429, 503
    int serverError = 0; ///< 500, before or after the commit
    int crashAtSend = 0;
    int crashAtCommit = 0;
    int powerCut = 0; ///< after a commit of the exchange: what was not synced is gone
    int pause = 0;    ///< after a commit: others go on, the engine waits
};

/// A mistake put into a run, to show that the run finds it.
enum class PlantedBug {
    None,
    CursorBeforePage, ///< the cursor is saved before what it has passed
    BaseDropped,      ///< at the send, the document that was edited from is forgotten
    DeleteUnmatched,  ///< deletions go without If-Match
    RetriedUnsettled, ///< what had no answer is sent again as another operation
    AuthorAtSend,     ///< changes are sent in the name of whoever is signed in then
    SavedUnsynced,    ///< what people save is not brought to the disk either
    PushUnsynced,     ///< uploads are not brought to the disk before they are sent
    AuditUnsynced,    ///< audit entries are not brought to the disk before they are sent
    CreatedUnguarded, ///< where the server gives ids, new records go without If-None-Exist
};
inline constexpr std::array kPlantedBugs{
    PlantedBug::CursorBeforePage, PlantedBug::BaseDropped,   PlantedBug::DeleteUnmatched,
    PlantedBug::RetriedUnsettled, PlantedBug::AuthorAtSend,  PlantedBug::SavedUnsynced,
    PlantedBug::PushUnsynced,     PlantedBug::AuditUnsynced,
};
/// Those that show at a server that is not ours.
inline constexpr std::array kPlantedElsewhere{PlantedBug::CreatedUnguarded, PlantedBug::DeleteUnmatched,
                                              PlantedBug::BaseDropped};
[[nodiscard]] const char* plantedBugName(PlantedBug bug) noexcept;

/// Somebody who works in the clinic.
struct Person
{
    std::string account;
    std::string userName;
    std::string role; ///< at enrolment; the server may come to know another
};

/// One run: everything in it, and what it shares.
struct World
{
    World(std::uint64_t seed, std::optional<std::set<std::string>> only, PlantedBug bug,
          ModelRecords::Rules rules)
        : choices(seed, std::move(only))
        , planted(bug)
        , server(rules)
    {}

    /// Of the moment when runs begin: 2 March 2026, 09:00 UTC, a Monday.
    static constexpr std::int64_t kBegin = 1'772'442'000'000'000;

    [[nodiscard]] std::int64_t serverTime() const { return kBegin + scheduler.now() + serverSkew; }
    void say(std::string_view who, std::string_view what) { trace.say(scheduler.now(), who, what); }
    [[nodiscard]] bool isOver() const { return oracle.violation().has_value(); }

    Choices choices;
    PlantedBug planted;
    Weather weather;
    Trace trace;
    Scheduler scheduler;
    ModelServer server;
    std::unique_ptr<OtherServer> other; ///< where there is one, it is what the workstations talk to
    Oracle oracle;
    std::vector<Person> people;
    Micros serverSkew = 0;
    std::optional<int> writer; ///< the client whose request the server handles just now
};

} // namespace yarrow::simulation
