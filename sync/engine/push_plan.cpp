// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/push_plan.h"

#include "models/fhir/references.h"

#include <algorithm>
#include <map>
#include <utility>

namespace yarrow::sync {
namespace {

using RecordName = std::pair<std::string, std::string>;

/// `forgotten` gets the record when no server ever needs to know of it.
std::optional<PushItem> prepare(SyncSession& session, SyncRecords& records, std::int64_t pk,
                                std::vector<std::int64_t>& forgotten)
{
    const auto record = records.find(pk);
    if (!record || record->edits.empty() || record->push)
        return std::nullopt;
    std::vector<WaitingEdit> runs = runsOf(record->edits);
    if (record->version.empty() && !record->base) {
        // What no server ever had need not be deleted there.
        while (!runs.empty() && !runs.front().document)
            runs.erase(runs.begin());
        if (runs.empty() || !record->body) {
            forgotten.push_back(pk);
            return std::nullopt;
        }
    }
    // What a restored server lost is offered before it is deleted, also when both are by the same person:
    // others may offer it too, and a deletion of what is not there would be refused for ever.
    const bool isOffered = record->version.empty() && record->base && record->edits.front().document;
    const WaitingEdit& run = isOffered && !runs.front().document ? record->edits.front() : runs.front();
    PushItem item{pk, record->type, record->id, {}};
    item.push.upTo = run.seq;
    item.push.author = run.author;
    item.push.unit = run.unit;
    item.push.document = run.document;
    item.push.version = record->version;
    item.push.at = formatInstant(session.clock.now());
    item.push.op =
        uuidOf({"operation", session.clinic.incarnation, item.type, item.id, std::to_string(run.seq),
                run.author, run.at, record->version, run.document.value_or(std::string())});
    return item;
}

struct PlannedItem
{
    PushItem item;
    std::vector<RecordName> references; ///< of what is sent
};

std::vector<RecordName> referencesOf(const PushItem& item)
{
    std::vector<RecordName> references;
    if (!item.push.document)
        return references;
    auto document = Json::parse(*item.push.document);
    fhir::forEachReference(*document, [&](std::string& text) {
        if (const auto reference = fhir::parseReference(text))
            references.emplace_back(reference->type, reference->id);
    });
    return references;
}

/// A new record that waits for one in quarantine waits with it; a unit waits until all of it is there.
void removeBlocked(SyncSession& session, std::vector<PlannedItem>& planned, const KeepsType& keepsType)
{
    bool removed = true;
    while (removed) {
        std::map<RecordName, std::string> units;
        for (const auto& [item, references] : planned)
            units.emplace(RecordName(item.type, item.id), item.push.unit);
        const auto isMissing = [&](const RecordName& name) {
            return !units.contains(name) && outbox::isNewHere(session.connection, name.first, name.second);
        };
        const auto isBlocked = [&](const PlannedItem& one) {
            const std::string& unit = one.item.push.unit;
            if (!unit.empty()) {
                SyncRecords records = look(session);
                for (const std::int64_t pk : outbox::ofUnit(session.connection, unit)) {
                    const auto other = records.find(pk);
                    if (keepsType && !keepsType(other->type))
                        continue;
                    const auto found = units.find({other->type, other->id});
                    if (found == units.end() || found->second != unit)
                        return true;
                }
            }
            return std::any_of(one.references.begin(), one.references.end(), isMissing);
        };
        removed = std::erase_if(planned, isBlocked) != 0;
    }
}

std::vector<std::vector<std::size_t>> dependenciesOf(const std::vector<PlannedItem>& planned)
{
    std::map<RecordName, std::size_t> created;
    std::map<std::string, std::vector<std::size_t>> units;
    for (std::size_t i = 0; i < planned.size(); ++i) {
        const PushItem& item = planned[i].item;
        if (item.push.version.empty())
            created.emplace(RecordName(item.type, item.id), i);
        if (!item.push.unit.empty())
            units[item.push.unit].push_back(i);
    }
    std::vector<std::vector<std::size_t>> dependencies(planned.size());
    for (std::size_t i = 0; i < planned.size() && !created.empty(); ++i) {
        for (const RecordName& reference : planned[i].references) {
            const auto found = created.find(reference);
            if (found != created.end() && found->second != i)
                dependencies[i].push_back(found->second);
        }
    }
    for (const auto& [unit, members] : units) {
        for (std::size_t i = 0; i < members.size(); ++i) // a ring: they are one group
            dependencies[members[i]].push_back(members[(i + 1) % members.size()]);
    }
    return dependencies;
}

/// Unless somebody has brought the record back meanwhile.
void forget(SyncSession& session, const std::vector<std::int64_t>& records)
{
    SyncWork work(session);
    for (const std::int64_t pk : records) {
        const auto record = work.records().find(pk);
        if (record && record->version.empty() && !record->base && !record->body && !record->push)
            work.records().forget(*record);
    }
    work.commit();
}

} // namespace

PushPlan planPushes(SyncSession& session, std::span<const std::int64_t> records, const KeepsType& keepsType)
{
    std::vector<PlannedItem> planned;
    std::vector<std::int64_t> forgotten;
    SyncRecords looked = look(session);
    for (const std::int64_t pk : records) {
        if (auto item = prepare(session, looked, pk, forgotten)) {
            std::vector<RecordName> references = referencesOf(*item);
            planned.push_back({std::move(*item), std::move(references)});
        }
    }
    if (!forgotten.empty())
        forget(session, forgotten);
    removeBlocked(session, planned, keepsType);
    PushPlan plan;
    plan.dependencies = dependenciesOf(planned);
    for (PlannedItem& one : planned)
        plan.items.push_back(std::move(one.item));
    plan.stages = pushOrder(plan.dependencies);
    return plan;
}

bool isReady(SyncSession& session, const PushPlan& plan, const PushGroup& group)
{
    const auto isMissing = [&](std::size_t index) {
        return std::find(group.begin(), group.end(), index) == group.end() &&
               outbox::isNewHere(session.connection, plan.items[index].type, plan.items[index].id);
    };
    return std::none_of(group.begin(), group.end(), [&](std::size_t index) {
        const auto& dependencies = plan.dependencies[index];
        return std::any_of(dependencies.begin(), dependencies.end(), isMissing);
    });
}

bool isStillWanted(SyncWork& work, const PushItem& item)
{
    return work.records().isWaiting(item.pk, item.push.version, item.push.upTo);
}

} // namespace yarrow::sync
