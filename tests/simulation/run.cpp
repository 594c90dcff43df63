// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/run.h"

#include "tests/simulation/invariants.h"
#include "tests/simulation/local_records.h"
#include "tests/simulation/users.h"

#include <algorithm>

namespace yarrow::simulation {
namespace {

constexpr int kMostRounds = 25;

server::AreaSet deskAreas()
{
    server::AreaSet areas;
    for (const server::Area area :
         {server::Area::PatientIdentity, server::Area::Appointments, server::Area::Directory})
        areas.insert(area);
    return areas;
}

std::string reportText(const sync::SyncReport& report)
{
    std::string text = "cycle: " + std::to_string(report.pulled) + " pulled, " +
                       std::to_string(report.pushed) + " pushed, " + std::to_string(report.merged) +
                       " merged, " + std::to_string(report.conflicts) + " conflicts, " +
                       std::to_string(report.quarantined) + " quarantined, " +
                       std::to_string(report.waiting) + " waiting";
    if (const std::string audit = report.audit.note(); !audit.empty())
        text.append("; audit: ").append(audit);
    if (!report.isComplete())
        text.append("; ").append(obstacleName(report.obstacle)).append(" ").append(report.detail);
    return text;
}

} // namespace

Run::Run(std::uint64_t seed, PlantedBug bug, std::optional<std::set<std::string>> only, Scenario scenario)
    : m_plan(Plan::of(seed, scenario))
    , m_world(seed, std::move(only), bug, m_plan.rules)
    , m_deskAreas(deskAreas())
{
    if (!m_plan.habits)
        return;
    m_world.other = std::make_unique<OtherServer>(*m_plan.habits, [this]() {
        return Instant(std::chrono::milliseconds(m_world.serverTime() / kMillisecond));
    });
    m_world.oracle.underOwnNames = [this](std::string_view text) {
        return m_world.other->underOwnNames(text);
    };
    m_world.other->stored = [this](const OtherServer::Stored& made) { storedElsewhere(made); };
}

void Run::storedAt(std::int64_t first, std::int64_t last)
{
    for (std::int64_t seq = first; seq <= last; ++seq)
        m_world.oracle.stored(m_world.server.records.version(seq), m_world.server.records, m_world.writer);
    for (std::int64_t seq = first; seq <= last; ++seq) {
        const ModelVersion& version = m_world.server.records.version(seq);
        m_world.say("srv", "  " + version.versionId() + " " + version.method + " " + version.name() + " by " +
                               version.author);
        m_world.oracle.checkReferences(version);
    }
}

void Run::storedElsewhere(const OtherServer::Stored& made)
{
    const ModelVersion& version = made.version;
    m_world.say("srv", "  " + made.name + " " + version.method + " " + version.name());
    // A conflict that two workstations find at the same time is made at both.
    if (made.isSecond && version.type != "Task" && !m_world.other->mayCreateTwice())
        m_world.oracle.violated(4, version.name() + " was created a second time, as " + made.name);
    m_world.oracle.storedElsewhere(version, made.previous, m_world.writer, m_plan.habits->honoursIfMatch);
    if (m_world.writer)
        m_world.oracle.learned(*m_world.writer, {made.name});
}

void Run::setUp()
{
    m_world.weather = m_plan.weather;
    m_world.people = staff();
    for (const Person& person : m_world.people)
        m_world.server.records.authors[person.account] = {server::roleFromCode(person.role).value(), true};
    m_world.server.stored = [this](std::int64_t first, std::int64_t last) { storedAt(first, last); };
    m_world.server.exports.microsPerExport = m_plan.exportTime;
    if (m_world.other)
        m_world.say("srv", "is not ours: " + m_world.other->habitsText());
    furnish(m_world, m_plan.rooms);
    Dice dice = m_world.choices.dice("set-up");
    const auto kind = m_world.other ? ServerLink::Kind::Fhir : ServerLink::Kind::Yarrow;
    for (int i = 0; i < m_plan.clients; ++i) {
        const std::string device = "device-" + std::to_string(i);
        // The last one stands at the front desk and holds no clinical records.
        const bool isDesk = i == m_plan.clients - 1;
        m_world.server.devices[device] = {device, isDesk ? m_deskAreas : server::AreaSet::all(), false};
        m_clients.push_back(
            std::make_unique<Client>(m_world, i, device, newStore(m_world.people, device, kind)));
        Client& client = *m_clients.back();
        client.signIn(static_cast<std::size_t>(dice.below(static_cast<int>(m_world.people.size()))));
        client.jumpClock(dice.between(-120, 120) * kSecond);
        planCycle(client, dice.between(0, 2000) * kMillisecond);
    }
    for (const Step& step : m_plan.steps)
        m_world.scheduler.at(step.at + 2 * kSecond, [this, &step]() { take(step); });
}

void Run::planCycle(Client& client, Micros delay)
{
    m_world.scheduler.after(delay, [this, &client]() {
        if (m_isHealing)
            return;
        if (client.isSyncing() || client.isDead()) {
            planCycle(client, kSecond);
            return;
        }
        client.startCycle([this, &client](const sync::SyncReport& report) {
            reported(client, report, {});
            Dice dice =
                m_world.choices.dice("pace" + client.name() + std::to_string(m_world.scheduler.now()));
            Micros pace = dice.between(1, 20) * kSecond;
            if (report.retryAfter)
                pace = std::max<Micros>(pace, report.retryAfter->count() * kSecond);
            planCycle(client, pace);
        });
    });
}

/// What was just saved is sent soon, as the application does.
void Run::sendSoon(Client& client, Micros delay)
{
    m_world.scheduler.after(delay, [this, &client]() {
        if (!m_isHealing && !client.isSyncing() && !client.isDead())
            client.startCycle(
                [this, &client](const sync::SyncReport& report) { reported(client, report, "soon, "); });
    });
}

void Run::reported(Client& client, const sync::SyncReport& report, const std::string& why)
{
    m_world.say(client.name(), why + reportText(report));
    if (report.obstacle == sync::Obstacle::AskDeletions)
        client.allowDeletions();
}

void Run::take(const Step& step)
{
    if (m_world.isOver() || m_isHealing || !m_world.choices.takes(step.name))
        return;
    Client& client = *m_clients[static_cast<std::size_t>(step.client)];
    const auto& all = deeds();
    if (std::find(all.begin(), all.end(), step.what) != all.end()) {
        if (client.isDead())
            return;
        Dice dice = m_world.choices.dice(step.name);
        act(m_world, client, step.what, dice);
        if (Dice soon = m_world.choices.dice(step.name + "soon"); soon.chance(500))
            sendSoon(client, soon.between(0, 150) * kMillisecond);
        return;
    }
    m_world.say(client.name(), step.name + " " + step.what);
    befall(step, client);
    changeServer(step, client);
}

void Run::befall(const Step& step, Client& client)
{
    Dice dice = m_world.choices.dice(step.name);
    if (step.what == "sign-in") {
        client.signIn(static_cast<std::size_t>(dice.below(static_cast<int>(m_world.people.size()))));
    } else if (step.what == "offline" || step.what == "online") {
        client.isOffline = step.what == "offline";
    } else if (step.what == "crash") {
        client.crash();
        client.rebootIfIdle();
    } else if (step.what == "clock") {
        client.jumpClock(dice.between(-7200, 7200) * kSecond);
    } else if (step.what == "disk-full") {
        if (!client.isDead())
            client.limitDisk(dice.below(6));
    } else if (step.what == "disk-full-ends") {
        client.freeDisk();
    } else if (step.what == "old-copy-taken") {
        m_copies[client.number()] = {client.copyOfDisk(), m_world.scheduler.now()};
    } else if (step.what == "old-copy") {
        const auto copy = m_copies.find(client.number());
        if (copy == m_copies.end() || client.isSyncing() || client.isDead())
            return;
        m_world.oracle.lostDisk(client.number(), copy->second.second);
        client.newestSeen.clear();
        client.restoreDisk(copy->second.first);
    } else if (step.what == "duplicate") {
        duplicate(client);
    }
}

void Run::duplicate(const Client& client)
{
    constexpr std::size_t kMost = 8;
    if (client.isDead() || m_clients.size() >= kMost)
        return;
    const int number = static_cast<int>(m_clients.size());
    m_world.oracle.shareFate(client.number());
    m_world.oracle.shareFate(number);
    m_world.oracle.copied(client.number(), number);
    m_clients.push_back(std::make_unique<Client>(m_world, number, client.device(), client.copyOfDisk()));
    planCycle(*m_clients.back(), kSecond);
}

void Run::restoreServer()
{
    if (!m_backup)
        return;
    ModelRecords& records = m_world.server.records;
    const auto authors = records.authors;
    m_world.oracle.restored(m_backup->seq());
    records.restore(*m_backup);
    records.authors = authors;
    m_world.say("srv", "is a backup of " + std::to_string(records.seq()) + ", epoch " + records.epoch());
}

void Run::changeServer(const Step& step, Client& client)
{
    Dice dice = m_world.choices.dice(step.name + "server");
    ModelServer& server = m_world.server;
    ModelDevice& device = server.devices.at(client.device());
    if (step.what == "role") {
        const Person& person = m_world.people[static_cast<std::size_t>(
            dice.between(1, static_cast<int>(m_world.people.size()) - 1))];
        server.records.authors[person.account] = {server::Role::Billing, dice.chance(500)};
        m_world.say("srv", person.userName + " has another role");
    } else if (step.what == "scope") {
        device.areas = m_deskAreas;
    } else if (step.what == "scope-ends") {
        device.areas = server::AreaSet::all();
    } else if (step.what == "revoke" || step.what == "revoke-ends") {
        device.revoked = step.what == "revoke";
    } else if (step.what == "floor") {
        server.records.raiseFloor(server.records.seq() - dice.below(10));
    } else if (step.what == "forget") {
        server.records.forgetOperations();
    } else if (step.what == "restore-taken") {
        m_backup = server.records;
    } else if (step.what == "restore") {
        restoreServer();
    } else if (step.what == "server-clock") {
        m_world.serverSkew += dice.between(-3600, 3600) * kSecond;
    }
}

std::int64_t Run::versions() const
{
    return m_world.other ? m_world.other->versions() : m_world.server.records.seq();
}

/// Where nothing tells of deletions, time must pass until ids are compared again.
void Run::letTimePass()
{
    bool hasPassed = false;
    m_world.scheduler.after(11 * kMinute, [&hasPassed]() { hasPassed = true; });
    while (!hasPassed && m_world.scheduler.runNext()) {
    }
}

bool Run::runRound(int round)
{
    if (m_world.other)
        letTimePass();
    const std::int64_t before = versions();
    bool isQuiet = true;
    for (const auto& client : m_clients) {
        client->startCycle([&](const sync::SyncReport& report) {
            reported(*client, report, "round " + std::to_string(round) + ", ");
            isQuiet =
                isQuiet && report.isComplete() &&
                report.pulled + report.pushed + report.merged + report.conflicts + report.quarantined == 0;
        });
        while (client->isSyncing() && m_world.scheduler.runNext()) {
        }
        if (m_world.isOver())
            return false;
    }
    return !isQuiet || versions() != before;
}

/// What is still on its way.
std::string Run::restless() const
{
    std::string names;
    for (const auto& client : m_clients) {
        for (const auto& [name, record] : client->state().records) {
            if (record.isPending && !record.isQuarantined)
                names.append(", ").append(client->name()).append(": ").append(name);
        }
    }
    return names;
}

void Run::heal()
{
    m_isHealing = true;
    m_world.choices.calm();
    m_world.say("", "all heals");
    while (!m_world.isOver() && m_world.scheduler.runNext()) {
    }
    for (const auto& client : m_clients) {
        client->rebootIfIdle();
        client->isOffline = false;
        client->freeDisk();
        m_world.server.devices.at(client->device()).revoked = false;
    }
    // Of a deletion that is only told by 404 the first comparison of ids makes nothing.
    const int quietEnough = m_world.other ? 3 : 1;
    int round = 1;
    for (int quiet = 0; !m_world.isOver() && round <= kMostRounds && quiet < quietEnough; ++round)
        quiet = runRound(round) ? 0 : quiet + 1;
    if (round > kMostRounds)
        m_world.oracle.violated(10,
                                "not quiet after " + std::to_string(kMostRounds) + " rounds" + restless());
    if (!m_world.isOver())
        checkAll(m_world, m_clients);
}

/// What every workstation and the server hold of the records that the violation names.
void Run::describe(const Violation& violation)
{
    for (const auto& client : m_clients) {
        for (const auto& [name, record] : client->state().records) {
            if (violation.what.find(name) == std::string::npos)
                continue;
            m_world.say(client->name(), name + " \"" + record.version + "\"" +
                                            (record.isQuarantined ? " in quarantine " : " ") + record.body);
            for (const std::string& document : record.edits)
                m_world.say(client->name(), "  edit " + (document.empty() ? "deletes" : document));
        }
    }
    for (const ModelVersion& version : m_world.oracle.lineage()) {
        if (violation.what.find(version.name()) != std::string::npos)
            m_world.say("srv", version.versionId() + " by " + version.author + " " +
                                   (version.isDeletion() ? "deletes " + version.name() : version.body));
    }
}

RunResult Run::result()
{
    setUp();
    const Micros end = (m_plan.steps.empty() ? 0 : m_plan.steps.back().at) + 30 * kSecond;
    while (!m_world.isOver() && m_world.scheduler.now() < end && m_world.scheduler.runNext()) {
    }
    if (!m_world.isOver())
        heal();

    RunResult result;
    result.violation = m_world.oracle.violation();
    if (result.violation) {
        describe(*result.violation);
        m_world.say("", "violated: " + invariantName(result.violation->invariant) + ": " +
                            result.violation->what);
    }
    result.hash = m_world.trace.hash();
    result.events = m_world.choices.events();
    result.trace = m_world.trace.lines();
    result.edits = static_cast<int>(m_world.oracle.edits().size());
    result.versions = static_cast<int>(m_world.oracle.lineage().size());
    for (const ModelVersion& version : m_world.oracle.lineage())
        result.conflicts += version.type == "Task" && version.method == "create" ? 1 : 0;
    return result;
}

RunResult simulate(std::uint64_t seed, PlantedBug bug, std::optional<std::set<std::string>> only,
                   Scenario scenario)
{
    return Run(seed, bug, std::move(only), scenario).result();
}

const char* plantedBugName(PlantedBug bug) noexcept
{
    switch (bug) {
    case PlantedBug::None:
        return "none";
    case PlantedBug::CursorBeforePage:
        return "cursor-before-page";
    case PlantedBug::BaseDropped:
        return "base-dropped";
    case PlantedBug::DeleteUnmatched:
        return "delete-unmatched";
    case PlantedBug::RetriedUnsettled:
        return "retried-unsettled";
    case PlantedBug::AuthorAtSend:
        return "author-at-send";
    case PlantedBug::SavedUnsynced:
        return "saved-unsynced";
    case PlantedBug::PushUnsynced:
        return "push-unsynced";
    case PlantedBug::AuditUnsynced:
        return "audit-unsynced";
    case PlantedBug::CreatedUnguarded:
        return "created-unguarded";
    }
    return "?";
}

} // namespace yarrow::simulation
