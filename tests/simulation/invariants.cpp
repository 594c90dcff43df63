// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/invariants.h"

#include "server/records/instant.h"
#include "tests/simulation/audit_invariant.h"
#include "tests/simulation/client.h"
#include "tests/simulation/local_records.h"
#include "tests/simulation/other_invariants.h"

#include <algorithm>
#include <charconv>

namespace yarrow::simulation {
namespace {

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

std::string lastModifiedOf(std::string_view task)
{
    constexpr std::string_view kMember = "\"lastModified\":\"";
    const std::size_t at = task.find(kMember);
    if (at == std::string_view::npos)
        return {};
    const std::size_t begin = at + kMember.size();
    return std::string(task.substr(begin, task.find('"', begin) - begin));
}

// ---- at any moment
// ------------------------------------------------------------------------------------------

std::int64_t pageOf(std::string_view link)
{
    constexpr std::string_view kName = "_page=";
    const std::size_t at = link.find(kName);
    std::int64_t page = 0;
    if (at != std::string_view::npos)
        std::from_chars(link.data() + at + kName.size(), link.data() + link.size(), page);
    return page;
}

void observeCursor(World& world, Client& client, const LocalState& state)
{
    const ModelRecords& server = world.server.records;
    if (state.isSweeping || state.since.empty() || state.epoch != server.epoch())
        return;
    const server::AreaSet areas = world.server.devices.at(client.device()).areas;
    if (state.scope != server::scopeIdOf(areas)) // it has not heard yet that it may see more, or less
        return;
    const std::int64_t page = pageOf(state.pageLink);
    for (const auto& [key, seq] : server.present()) {
        const ModelVersion& version = server.version(seq);
        const bool isPassed = server::instantOf(version.lastUpdated) < state.since || seq <= page;
        if (!isPassed || !areas.contains(version.area))
            continue;
        const auto local = state.records.find(version.name());
        const bool isKnown = local != state.records.end() && seqOf(local->second.version) >= seq;
        const bool wasNeverThere = local == state.records.end() && version.isDeletion();
        if (!isKnown && !wasNeverThere && !state.refetch.contains(version.name()))
            world.oracle.violated(
                5, client.name() + "'s cursor is at " + state.since + " past " + version.name() + " " +
                       version.versionId() + ", of which it has " +
                       (local == state.records.end() ? "nothing" : "\"" + local->second.version + "\""));
    }
}

void observeVersions(World& world, Client& client, const LocalState& state)
{
    for (const auto& [name, record] : state.records) {
        std::string& newest = client.newestSeen[name];
        if (!newest.empty() && epochOf(newest) == epochOf(record.version) &&
            seqOf(record.version) < seqOf(newest) && world.oracle.isInLineage(name + " " + newest))
            world.oracle.violated(8, client.name() + " went back from " + newest + " to " + record.version +
                                         " of " + name);
        newest = record.version;
    }
}

void observeOwnWrites(World& world, Client& client, const LocalState& state)
{
    for (const Edit& edit : world.oracle.edits()) {
        if (edit.client != client.number() || edit.overwrittenBy || edit.isGivenUp || edit.lostWithDisk ||
            edit.wasHistory || edit.isDeletion())
            continue;
        const auto local = state.records.find(edit.name());
        if (local == state.records.end()) {
            if (!world.oracle.reached(edit.name(), edit.token))
                world.oracle.violated(8, client.name() + " has no " + edit.name() + ", which it wrote");
            continue;
        }
        if (contains(local->second.body, edit.token) || world.oracle.reached(edit.name(), edit.token) ||
            state.isInTask(edit.token))
            continue;
        if (local->second.deleted && state.waits(edit))
            continue; // somebody here deleted it later
        world.oracle.violated(8, client.name() + " does not read what it wrote: " + edit.token + " (" +
                                     edit.element + ") in " + edit.name());
    }
}

// ---- once all is quiet
// --------------------------------------------------------------------------------------

using Clients = std::vector<std::unique_ptr<Client>>;
using States = std::vector<LocalState>;

/// 1. Every acknowledged local edit is on the server, in the conflict inbox, or in quarantine.
void checkEdits(World& world, const States& states)
{
    for (const Edit& edit : world.oracle.edits()) {
        if (edit.overwrittenBy || edit.isGivenUp || edit.wasHistory ||
            world.oracle.isInTask(edit.isDeletion() ? edit.name() : edit.token))
            continue;
        const bool isThere =
            edit.isDeletion() ? std::any_of(world.oracle.lineage().begin(), world.oracle.lineage().end(),
                                            [&](const ModelVersion& version) {
                                                return version.isDeletion() && version.name() == edit.name();
                                            }) ||
                                    (world.other ? !world.oracle.wasOnServer(edit.name())
                                                 : !world.server.records.find(edit.type, edit.id))
                              : world.oracle.reached(edit.name(), edit.token);
        if (isThere || edit.lostWithDisk)
            continue;
        const bool waits = std::any_of(states.begin(), states.end(), [&](const LocalState& state) {
            return state.waits(edit) || state.isInTask(edit.isDeletion() ? edit.name() : edit.token);
        });
        if (!waits)
            world.oracle.violated(
                1, "the edit of c" + std::to_string(edit.client) + " is nowhere: " +
                       (edit.isDeletion() ? "deletion" : edit.token + " (" + edit.element + ")") + " of " +
                       edit.name());
    }
}

/// 3. Every client's records in scope equal the server's, byte for byte.
void checkEquality(World& world, const Client& client, const LocalState& state)
{
    const server::AreaSet areas = world.server.devices.at(client.device()).areas;
    const ModelRecords& server = world.server.records;
    for (const auto& [key, seq] : server.present()) {
        const ModelVersion& version = server.version(seq);
        if (version.isDeletion() || !areas.contains(version.area))
            continue;
        const auto local = state.records.find(version.name());
        if (local != state.records.end() && local->second.isPending)
            continue;
        if (local == state.records.end() || local->second.deleted)
            world.oracle.violated(3, client.name() + " has no " + version.name() + " " + version.versionId());
        else if (local->second.body != version.body)
            world.oracle.violated(3, client.name() + " has another " + version.name() + " than " +
                                         version.versionId() + ": " + local->second.body + " instead of " +
                                         version.body);
    }
    for (const auto& [name, record] : state.records) {
        if (record.deleted || record.isPending)
            continue;
        const std::size_t slash = name.find('/');
        const ModelVersion* version = server.find(name.substr(0, slash), name.substr(slash + 1));
        if (!version || version->isDeletion())
            world.oracle.violated(version ? 6 : 3, client.name() + " shows " + name + ", which the server " +
                                                       (version ? "deleted" : "does not have"));
        else if (!areas.contains(version->area))
            world.oracle.violated(3, client.name() + " still shows " + name + ", which left its scope");
    }
}

/// 4. A workstation is never in conflict with itself.
void checkPhantoms(World& world)
{
    for (const ModelVersion& task : world.oracle.lineage()) {
        const bool isOfElements = contains(task.body, R"("code":"elements")");
        if (task.type != "Task" || task.method != "create" || !isOfElements)
            continue;
        for (const Edit& edit : world.oracle.edits()) {
            if (edit.isDeletion() || !contains(task.body, edit.token) ||
                world.oracle.everLostDisk(edit.client) || world.oracle.wasRestored())
                continue;
            const bool isWhole = edit.type != "Patient"; // these dispute whole, or in large groups
            const bool isAlone = std::none_of(
                world.oracle.edits().begin(), world.oracle.edits().end(), [&](const Edit& other) {
                    return other.name() == edit.name() && other.client != edit.client &&
                           (isWhole || other.isDeletion() || other.element == edit.element);
                });
            if (isAlone && contains(task.body, edit.name()))
                world.oracle.violated(4, task.name() + " is a conflict of c" + std::to_string(edit.client) +
                                             " with itself about " + edit.element + " of " + edit.name());
        }
    }
}

/// 4 and 7. The first settlement that the server knew stands, and what was chosen came with it.
void checkSettlements(World& world)
{
    std::map<std::string, const ModelVersion*> completed; // by "Task/id"
    for (const ModelVersion& version : world.oracle.lineage()) {
        if (version.type != "Task" || !contains(version.body, R"("status":"completed")"))
            continue;
        const auto [first, isFirst] = completed.emplace(version.name(), &version);
        if (!isFirst && lastModifiedOf(first->second->body) != lastModifiedOf(version.body))
            world.oracle.violated(4, version.name() + " was settled twice: " + first->second->versionId() +
                                         " and " + version.versionId());
    }
    for (const Settlement& settlement : world.oracle.settlements()) {
        const auto task = completed.find(settlement.task);
        if (task == completed.end() || !settlement.isChange || world.oracle.wasRestored() ||
            lastModifiedOf(task->second->body) != settlement.at || task->second->author != settlement.author)
            continue;
        if (world.oracle.wasDeletedBefore(settlement.record, task->second->seq))
            continue; // as was chosen, and somebody else had done it
        const bool isThere = std::any_of(
            world.oracle.lineage().begin(), world.oracle.lineage().end(), [&](const ModelVersion& version) {
                return version.name() == settlement.record && version.author == settlement.author &&
                       version.requestOf == task->second->requestOf;
            });
        if (!isThere)
            world.oracle.violated(7, settlement.task + " was settled on the server without " +
                                         settlement.record);
    }
}

/// 6. Deleted records do not come back, unless a concurrent edit made a conflict.
void checkDeletions(World& world)
{
    std::map<std::string, bool> isDeleted;
    for (const ModelVersion& version : world.oracle.lineage()) {
        bool& deleted = isDeleted[version.name()];
        // A late write of a probe's makes the record anew: nobody ever sees what it is called.
        const bool mayComeBack =
            world.other && (world.other->doubled().contains(version.name()) || version.type == "Basic");
        if (deleted && !version.isDeletion() && !mayComeBack && !world.oracle.isInTask(version.name()))
            world.oracle.violated(6, version.name() + " came back with " + version.versionId());
        deleted = version.isDeletion();
    }
}

/// 7. No local reference to an id that is unknown here and not known to be remote.
void checkReferences(World& world, const Client& client, const LocalState& state)
{
    constexpr std::string_view kMember = "\"reference\":\"";
    for (const auto& [name, record] : state.records) {
        const std::string_view body = record.body;
        for (std::size_t at = body.find(kMember); at != std::string_view::npos; at = body.find(kMember, at)) {
            at += kMember.size();
            const std::string reference(body.substr(at, body.find('"', at) - at));
            if (state.records.contains(reference) || world.oracle.wasOnServer(reference) ||
                world.oracle.wasDeletedByHand(reference))
                continue;
            world.oracle.violated(7, client.name() + "'s " + name + " refers to " + reference +
                                         ", which is nowhere");
        }
    }
}

/// 10. Nothing is left half done: what waits, waits for a person.
void checkRest(World& world, const Client& client, const LocalState& state)
{
    std::set<std::string> stuck;
    for (const auto& [name, record] : state.records) {
        if (record.isQuarantined)
            stuck.insert(name);
    }
    for (bool grows = true; grows;) {
        grows = false;
        for (const auto& [name, record] : state.records) {
            if (!record.isPending || stuck.contains(name))
                continue;
            const bool depends = std::any_of(stuck.begin(), stuck.end(), [&](const std::string& other) {
                const std::set<std::string>& units = state.records.at(other).units;
                return contains(record.body, "\"" + other + "\"") ||
                       std::any_of(record.units.begin(), record.units.end(),
                                   [&](const std::string& unit) { return units.contains(unit); });
            });
            if (depends)
                grows = stuck.insert(name).second;
        }
    }
    for (const auto& [name, record] : state.records) {
        if (record.isPending && !stuck.contains(name))
            world.oracle.violated(10, client.name() + " leaves " + name + " unsent, for no reason");
    }
    if (state.pushes > 0)
        world.oracle.violated(10, client.name() + " has uploads of unknown fate");
    if (!state.refetch.empty())
        world.oracle.violated(10, client.name() + " has not fetched " + *state.refetch.begin());
}

} // namespace

std::string invariantName(int number)
{
    constexpr const char* kNames[] = {
        "",
        "every acknowledged local edit is on the server, in the conflict inbox, or in quarantine",
        "no server version is overwritten by a writer that never saw it",
        "after healing, every client's records equal the server's",
        "each logical operation takes effect at most once",
        "a cursor never passes an unapplied change",
        "deleted records do not come back",
        "transactions are all or nothing, references lead somewhere",
        "a client reads its own writes and never goes back in time",
        "projections equal projections rebuilt from the bodies",
        "every run ends in a bounded number of rounds",
        "every audit entry is at the server, once and in order"};
    return std::to_string(number) + " (" + kNames[number] + ")";
}

void observe(World& world, Client& client)
{
    if (world.isOver())
        return;
    const LocalState state = client.state();
    if (!world.other) {
        observeCursor(world, client, state);
        observeVersions(world, client, state);
    }
    observeOwnWrites(world, client, state);
}

void checkAll(World& world, const Clients& clients)
{
    States states;
    for (const auto& client : clients)
        states.push_back(client->state());
    for (std::size_t i = 0; i < clients.size(); ++i) {
        checkRest(world, *clients[i], states[i]);
        if (world.other)
            checkEqualityElsewhere(world, *clients[i]);
        else
            checkEquality(world, *clients[i], states[i]);
        checkReferences(world, *clients[i], states[i]);
        if (auto same = Projection::verifyAll(clients[i]->connection()); !same)
            world.oracle.violated(9, clients[i]->name() + ": " + same.error().context);
        if (!world.other)
            checkAudit(world, *clients[i]);
    }
    checkEdits(world, states);
    if (world.other) {
        checkPresence(world, clients, states);
    } else {
        checkPhantoms(world);
        checkSettlements(world);
    }
    checkDeletions(world);
}

} // namespace yarrow::simulation
