// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/other_invariants.h"

#include "models/store/sync/id_map.h"
#include "models/store/sync/server_link.h"
#include "sync/foreign/creation_mark.h"
#include "sync/foreign/dialect.h"

#include <algorithm>
#include <map>
#include <set>

namespace yarrow::simulation {
namespace {

/// As far as people's records go: without what the exchange itself adds.
std::string contentOf(Json document)
{
    document = sync::withoutMark(std::move(document));
    if (Json* meta = document.find("meta")) {
        meta->remove("versionId");
        meta->remove("lastUpdated");
        if (meta->members().empty())
            document.remove("meta");
    }
    return document.dump();
}

bool hasLimit(Client& client, std::string_view code)
{
    const auto link = readServerLink(client.connection());
    const auto dialect = link ? sync::Dialect::fromJson(link->dialect) : fail(ErrorCode::NotFound);
    if (!dialect)
        return false;
    const auto limits = dialect->limits();
    return std::find(limits.begin(), limits.end(), code) != limits.end();
}

} // namespace

void checkEqualityElsewhere(World& world, Client& client)
{
    const LocalState state = LocalState::read(client.connection());
    const Transaction transaction(client.connection());
    IdMap ids(client.connection());
    std::set<std::string> present;
    for (const std::string& type : world.other->fhir().types) {
        for (const std::string& id : world.other->fhir().idsOf(type)) {
            const Json document = ids.fromWire(world.other->fhir().present(type, id));
            const std::string name = type + "/" + std::string(document["id"].string());
            present.insert(name);
            const auto local = state.records.find(name);
            if (local != state.records.end() && local->second.isPending)
                continue;
            if (local == state.records.end() || local->second.deleted) {
                world.oracle.violated(3, client.name() + " has no " + name + ", at the server " + type + "/" +
                                             id);
                continue;
            }
            const std::string theirs = contentOf(document);
            const auto body = Json::parse(local->second.body);
            const std::string ours = body ? contentOf(*body) : local->second.body;
            if (ours != theirs)
                world.oracle.violated(3, client.name() + " has another " + name + " than the server has as " +
                                             type + "/" + id + ": " + ours + " instead of " + theirs);
        }
    }
    for (const auto& [name, record] : state.records) {
        if (!record.deleted && !record.isPending && !present.contains(name))
            world.oracle.violated(6, client.name() + " shows " + name + ", which the server does not have");
    }
}

void checkPresence(World& world, const std::vector<std::unique_ptr<Client>>& clients,
                   const std::vector<LocalState>& states)
{
    const bool isBlind = std::any_of(clients.begin(), clients.end(), [](const auto& client) {
        return hasLimit(*client, "ignores-preconditions") && hasLimit(*client, "no-history");
    });
    if (isBlind)
        return;
    std::map<std::string, const ModelVersion*> newest;
    for (const ModelVersion& version : world.oracle.lineage())
        newest[version.name()] = &version;
    for (const Edit& edit : world.oracle.edits()) {
        const auto present = newest.find(edit.name());
        if (edit.isDeletion() || edit.overwrittenBy || edit.isGivenUp || present == newest.end() ||
            present->second->isDeletion() || world.other->doubled().contains(edit.name()) ||
            present->second->body.find(edit.token) != std::string::npos || world.oracle.isInTask(edit.token))
            continue;
        const bool isOverwritten =
            std::any_of(world.oracle.edits().begin(), world.oracle.edits().end(), [&](const Edit& other) {
                return other.number != edit.number && other.name() == edit.name() &&
                       (other.isDeletion() || other.element == edit.element);
            });
        const bool waits = std::any_of(states.begin(), states.end(), [&](const LocalState& state) {
            return state.waits(edit) || state.isInTask(edit.token);
        });
        if (!isOverwritten && !waits)
            world.oracle.violated(1, "the edit of c" + std::to_string(edit.client) +
                                         " is at the server no more, and nobody wrote over it: " +
                                         edit.token + " (" + edit.element + ") of " + edit.name());
    }
}

} // namespace yarrow::simulation
