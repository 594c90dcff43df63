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
    const WaitingEdit& run = runs.front();
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

/// A new record that waits for one in quarantine waits with it; a unit waits until all of it is there.
void removeBlocked(SyncSession& session, std::vector<PushItem>& items, const KeepsType& keepsType)
{
    bool removed = true;
    while (removed) {
        std::map<RecordName, std::string> units;
        for (const PushItem& item : items)
            units.emplace(RecordName(item.type, item.id), item.push.unit);
        const auto isBlocked = [&](const PushItem& item) {
            bool blocked = false;
            if (!item.push.unit.empty()) {
                SyncRecords records = look(session);
                for (const std::int64_t pk : outbox::ofUnit(session.connection, item.push.unit)) {
                    const auto other = records.find(pk);
                    if (keepsType && !keepsType(other->type))
                        continue;
                    const auto found = units.find({other->type, other->id});
                    blocked = blocked || found == units.end() || found->second != item.push.unit;
                }
            }
            if (blocked || !item.push.document)
                return blocked;
            auto document = Json::parse(*item.push.document);
            fhir::forEachReference(*document, [&](std::string& text) {
                const auto reference = fhir::parseReference(text);
                blocked =
                    blocked || (reference &&
                                !units.contains({std::string(reference->type), std::string(reference->id)}) &&
                                outbox::isNewHere(session.connection, reference->type, reference->id));
            });
            return blocked;
        };
        removed = std::erase_if(items, isBlocked) != 0;
    }
}

std::vector<std::vector<std::size_t>> dependenciesOf(const std::vector<PushItem>& items)
{
    std::map<RecordName, std::size_t> created;
    std::map<std::string, std::vector<std::size_t>> units;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].push.version.empty())
            created.emplace(RecordName(items[i].type, items[i].id), i);
        if (!items[i].push.unit.empty())
            units[items[i].push.unit].push_back(i);
    }
    std::vector<std::vector<std::size_t>> dependencies(items.size());
    for (std::size_t i = 0; i < items.size() && !created.empty(); ++i) {
        if (!items[i].push.document)
            continue;
        auto document = Json::parse(*items[i].push.document);
        fhir::forEachReference(*document, [&](std::string& text) {
            const auto reference = fhir::parseReference(text);
            if (!reference)
                return;
            const auto found = created.find({std::string(reference->type), std::string(reference->id)});
            if (found != created.end() && found->second != i)
                dependencies[i].push_back(found->second);
        });
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
    PushPlan plan;
    std::vector<std::int64_t> forgotten;
    SyncRecords looked = look(session);
    for (const std::int64_t pk : records) {
        if (auto item = prepare(session, looked, pk, forgotten))
            plan.items.push_back(std::move(*item));
    }
    if (!forgotten.empty())
        forget(session, forgotten);
    removeBlocked(session, plan.items, keepsType);
    plan.dependencies = dependenciesOf(plan.items);
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
    const auto record = work.records().find(item.pk);
    return record && !record->push && record->version == item.push.version &&
           std::any_of(record->edits.begin(), record->edits.end(),
                       [&](const WaitingEdit& edit) { return edit.seq == item.push.upTo; });
}

} // namespace yarrow::sync
