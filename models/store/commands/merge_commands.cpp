// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/merge_commands.h"

#include "models/fhir/patient_fhir.h"
#include "models/fhir/patient_links.h"
#include "models/fhir/patient_merge.h"
#include "models/fhir/references.h"
#include "models/fhir/resource_area.h"
#include "models/store/commands/account_commands.h"
#include "models/store/search/patient_row.h"
#include "models/store/tunables.h"

#include <algorithm>

namespace yarrow {

namespace {

/// Records whose text names the patient, Tasks about conflicts and duplicates, and what only reports
/// (Provenance, AuditEvent), excepted: they tell what happened to that record. "Type/id".
std::vector<std::string> recordsNaming(Connection& connection, const std::string& patient)
{
    std::vector<std::string> records;
    Query row(connection, "SELECT type, id, body FROM resource WHERE deleted = 0 AND instr(body, ?) > 0 "
                          "AND type NOT IN ('AuditEvent', 'Provenance') ORDER BY pk");
    row.bind("\"Patient/" + patient);
    while (row.step()) {
        if (row.text(0) == "Task") {
            const auto task = Json::parse(row.text(2));
            if (!task || fhir::isDuplicateTask(*task) || fhir::isConflictTask(*task))
                continue;
        }
        records.push_back(row.string(0) + "/" + row.string(1));
    }
    return records;
}

/// The same, of those that belong to the patient: without a look at every record.
std::vector<std::string> recordsOf(Connection& connection, const std::string& patient)
{
    std::vector<std::string> records;
    Query row(connection, "SELECT r.type, r.id FROM patient_key k JOIN resource r ON r.patient = k.pk "
                          "WHERE k.patient = ? AND r.deleted = 0 AND r.type NOT IN ('Patient', 'Task', "
                          "'AuditEvent', 'Provenance') ORDER BY r.pk");
    row.bind(patient);
    while (row.step())
        records.push_back(row.string(0) + "/" + row.string(1));
    return records;
}

std::optional<PatientHit> hitOf(Connection& connection, const std::string& patient)
{
    Query row(connection, "SELECT " YARROW_PATIENT_COLUMNS " FROM patient_index WHERE pk = "
                          "(SELECT r.pk FROM resource r WHERE r.type = 'Patient' AND r.id = ?)");
    if (!row.bind(patient).step())
        return std::nullopt;
    return patientHit(row);
}

std::vector<DuplicatePair> pairsInState(RecordStore& records, Connection& connection, bool isOpen)
{
    std::vector<std::string> ids;
    {
        Query row(connection, "SELECT id FROM duplicate_index WHERE (state = 'open') = ? ORDER BY at, id");
        row.bind(isOpen);
        while (row.step())
            ids.push_back(row.string(0));
    }
    std::vector<DuplicatePair> pairs;
    for (const std::string& id : ids) {
        const auto record = records.find("Task", id);
        const auto task = record ? Json::parse(record->body) : fail(ErrorCode::NotFound);
        if (auto pair = task ? fhir::readDuplicate(*task) : fail(task.error()))
            pairs.push_back(std::move(*pair));
    }
    return pairs;
}

Result<std::optional<DuplicatePair>> storedPair(RecordStore& records, const std::string& id)
{
    const auto record = records.find("Task", id);
    if (!record || record->deleted)
        return std::optional<DuplicatePair>();
    const auto task = parseBody(*record);
    if (!task)
        return fail(task.error());
    auto pair = fhir::readDuplicate(*task);
    return pair ? Result<std::optional<DuplicatePair>>(std::move(*pair)) : fail(pair.error());
}

} // namespace

void MergeCommands::signWith(DuplicatePair& pair) const
{
    const auto account = findAccount(m_scope.connection, m_scope.actor.account);
    pair.account = m_scope.actor.account.text();
    pair.name = account ? account->displayName : m_scope.actor.userName;
    pair.decidedAt = formatInstant(m_scope.clock.now());
}

Result<void> MergeCommands::writePair(RecordStore& records, const DuplicatePair& pair,
                                      const std::string& reason)
{
    Json task;
    if (const auto record = records.find("Task", pair.id); record && !record->deleted) {
        auto stored = parseBody(*record);
        if (!stored)
            return fail(stored.error());
        task = std::move(*stored);
    }
    fhir::writeDuplicate(pair, task);
    const auto written = records.put(task, reason);
    return written ? Result<void>() : fail(written.error());
}

Result<MergeCommands::Document> MergeCommands::read(RecordStore& records, const PatientId& id)
{
    const auto record = records.find("Patient", id.text());
    if (!record || record->deleted)
        return fail(ErrorCode::NotFound, "Patient/" + id.text());
    auto document = parseBody(*record);
    if (!document)
        return fail(document.error());
    return Document{std::move(*document), record->revision};
}

Result<std::vector<ListedDuplicate>> MergeCommands::list(Which which, bool again)
{
    if (auto allowed = require(m_scope, Operation::Read, Area::PatientIdentity, "Task"); !allowed)
        return fail(allowed.error());
    return guarded([&]() -> Result<std::vector<ListedDuplicate>> {
        UnitOfWork work(m_scope);
        std::vector<ListedDuplicate> listed;
        for (DuplicatePair& pair : pairsInState(work.records(), m_scope.connection, which == Which::Open)) {
            ListedDuplicate row;
            row.first = hitOf(m_scope.connection, pair.first);
            row.second = hitOf(m_scope.connection, pair.second);
            const auto first = read(work.records(), PatientId::known(pair.first));
            const auto second = read(work.records(), PatientId::known(pair.second));
            if (which == Which::Open && (!first || !second))
                continue; // one of them is gone: nothing is left to decide
            if (which == Which::Open && (fhir::replacedBy(first->json) || fhir::replacedBy(second->json)))
                continue; // one of them was merged with a third: the search for duplicates compares that one
            const auto one = first ? fhir::readPatient(first->json) : fail(first.error());
            const auto other = second ? fhir::readPatient(second->json) : fail(second.error());
            if (one && other)
                row.score = compare(matchProfile(*one), matchProfile(*other));
            row.pair = std::move(pair);
            listed.push_back(std::move(row));
        }
        if (!again) {
            AuditEvent event{AuditAction::Search, AuditCategory::HealthData, "Patient"};
            event.detail = std::to_string(listed.size()) + " found: possible duplicates";
            work.records().audit(event);
        }
        work.commit();
        return listed;
    });
}

Result<void> MergeCommands::decide(const PatientId& one, const PatientId& other, DuplicatePair::State state)
{
    if (auto allowed = require(m_scope, Operation::Update, Area::PatientIdentity, "Patient", one.text());
        !allowed)
        return allowed;
    if (one == other)
        return fail(ErrorCode::InvalidArgument, "one patient");
    return guarded([&]() -> Result<void> {
        UnitOfWork work(m_scope);
        for (const PatientId& id : {one, other}) {
            if (auto document = read(work.records(), id); !document)
                return fail(document.error());
        }
        DuplicatePair pair = fhir::duplicatePair(one.text(), other.text());
        const auto stored = storedPair(work.records(), pair.id);
        if (!stored)
            return fail(stored.error());
        if (*stored && (state == DuplicatePair::State::Open || (*stored)->state == state))
            return {}; // somebody has decided, or it is on the list
        if (*stored && (*stored)->state == DuplicatePair::State::Merged)
            return fail(ErrorCode::Stale, "Task/" + pair.id);
        if (*stored)
            pair = **stored;
        else
            pair.foundAt = formatInstant(m_scope.clock.now());
        pair.state = state;
        if (state != DuplicatePair::State::Open)
            signWith(pair);
        if (auto written = writePair(work.records(), pair, std::string(duplicateStateCode(state))); !written)
            return written;
        work.commit();
        return {};
    });
}

Result<void> MergeCommands::file(const PatientId& one, const PatientId& other)
{
    return decide(one, other, DuplicatePair::State::Open);
}

Result<void> MergeCommands::markDifferent(const PatientId& one, const PatientId& other)
{
    return decide(one, other, DuplicatePair::State::Different);
}

Result<MergeCommands::Scanned> MergeCommands::scan(int atMost)
{
    if (auto allowed = require(m_scope, Operation::Update, Area::PatientIdentity, "Patient"); !allowed)
        return fail(allowed.error());
    return guarded([&]() -> Result<Scanned> {
        Scanned scanned;
        UnitOfWork work(m_scope);
        std::vector<std::string> bodies;
        std::int64_t changedAt = 0;
        std::int64_t last = 0;
        {
            Query row(m_scope.connection,
                      "SELECT r.body, i.changed_at, i.pk FROM duplicate_scan s JOIN patient_index i ON "
                      "(i.changed_at, i.pk) > (s.changed_at, s.patient) JOIN resource r ON r.pk = i.pk "
                      "ORDER BY i.changed_at, i.pk LIMIT ?");
            row.bind(atMost);
            while (row.step()) {
                bodies.push_back(row.string(0));
                changedAt = row.integer(1);
                last = row.integer(2);
            }
        }
        const std::int64_t patients = countPatients(m_scope.connection);
        for (const std::string& body : bodies) {
            const auto document = Json::parse(body);
            const auto patient = document ? fhir::readPatient(*document) : fail(document.error());
            if (!patient || fhir::replacedBy(*document))
                continue;
            for (const DuplicateHit& hit : findDuplicates(m_scope.connection, *patient, patients, 5)) {
                DuplicatePair pair = fhir::duplicatePair(patient->id.text(), hit.patient.id.text());
                if (work.records().find("Task", pair.id))
                    continue;
                pair.foundAt = formatInstant(m_scope.clock.now());
                if (auto written = writePair(work.records(), pair, "possible duplicate"); !written)
                    return fail(written.error());
                ++scanned.filed;
            }
        }
        if (auto moved = moveLateComers(work.records()); !moved)
            return fail(moved.error());
        if (!bodies.empty())
            Query(m_scope.connection, "UPDATE duplicate_scan SET changed_at = ?, patient = ?")
                .bind(changedAt, last)
                .run();
        scanned.patients = static_cast<std::int64_t>(bodies.size());
        if (bodies.size() == static_cast<std::size_t>(atMost)) {
            Query left(m_scope.connection, "SELECT count(*) FROM duplicate_scan s JOIN patient_index i ON "
                                           "(i.changed_at, i.pk) > (s.changed_at, s.patient)");
            scanned.left = left.step() ? left.integer(0) : 0;
        }
        work.commit();
        return scanned;
    });
}

/// The records that name `from`, of those given, name `to` afterwards. Those that did so already before are
/// left out of the answer: of them nobody could tell later which name was which.
Result<std::vector<std::string>> MergeCommands::pointTo(RecordStore& records,
                                                        const std::vector<std::string>& named,
                                                        const std::string& from, const std::string& to,
                                                        const std::string& reason)
{
    struct Change
    {
        std::string name;
        Json document;
        bool namedBoth = false;
    };
    std::vector<Change> planned; // all of them may be written, or none is
    for (const std::string& name : named) {
        const std::size_t slash = name.find('/');
        const auto record = records.find(name.substr(0, slash), name.substr(slash + 1));
        if (!record || record->deleted)
            continue;
        auto document = parseBody(*record);
        if (!document)
            return fail(document.error());
        const Area area = fhir::areaOf(*document);
        // What was charged and paid says for whom, and is not rewritten: it stays with the record that it was
        // made out to, whose link leads to the other. No role may change both payments and clinical records
        // anyway.
        if (area == Area::Payments)
            continue;
        const auto changes = fhir::movePatientReferences(*document, from, to);
        if (changes.moved == 0)
            continue;
        if (!roleAllows(m_scope.actor.role, Operation::Update, area))
            return fail(ErrorCode::Forbidden, name);
        planned.push_back({name, std::move(*document), changes.namedBoth});
    }
    std::vector<std::string> moved;
    for (const Change& change : planned) {
        if (auto written = records.put(change.document, reason); !written)
            return fail(written.error());
        if (!change.namedBoth)
            moved.push_back(change.name);
    }
    return moved;
}

Result<MergeCommands::Merged> MergeCommands::merge(const PatientId& kept, const PatientId& gone,
                                                   const std::string& reason)
{
    if (auto allowed = require(m_scope, Operation::Update, Area::PatientIdentity, "Patient", kept.text());
        !allowed)
        return fail(allowed.error());
    if (kept == gone)
        return fail(ErrorCode::InvalidArgument, "one patient");
    return guarded([&]() -> Result<Merged> {
        UnitOfWork work(m_scope);
        auto keptOne = read(work.records(), kept);
        auto goneOne = read(work.records(), gone);
        if (!keptOne || !goneOne)
            return fail(keptOne ? goneOne.error() : keptOne.error());
        if (fhir::replacedBy(keptOne->json) || fhir::replacedBy(goneOne->json))
            return fail(ErrorCode::InvalidArgument, "merged away");
        auto named = recordsNaming(m_scope.connection, gone.text());
        std::erase(named, "Patient/" + gone.text());
        std::erase(named, "Patient/" + kept.text());
        if (named.size() > tunables::kMostMovedAtOnce)
            return fail(ErrorCode::LimitExceeded, std::to_string(named.size()) + " records");

        DuplicatePair pair = fhir::duplicatePair(kept.text(), gone.text());
        const auto stored = storedPair(work.records(), pair.id);
        if (!stored)
            return fail(stored.error());
        pair.foundAt = *stored ? (*stored)->foundAt : formatInstant(m_scope.clock.now());
        pair.state = DuplicatePair::State::Merged;
        pair.kept = kept.text();
        pair.wasActive = goneOne->json["active"].boolean() != false;
        signWith(pair);
        auto changes = fhir::takeOver(keptOne->json, goneOne->json);
        if (!changes)
            return fail(changes.error());
        pair.changes = std::move(*changes);
        fhir::addPatientLink(keptOne->json, {"Patient/" + gone.text(), "replaces"});
        fhir::retire(goneOne->json, kept.text());

        work.records().beginUnit(m_scope.ids.next());
        const std::string why = reason.empty() ? "patients merged" : reason;
        for (const Json* document : {&keptOne->json, &goneOne->json}) {
            if (auto written = work.records().put(*document, why); !written)
                return fail(written.error());
        }
        auto moved = pointTo(work.records(), named, gone.text(), kept.text(), why);
        if (!moved)
            return fail(moved.error());
        pair.moved = std::move(*moved);
        if (auto written = writePair(work.records(), pair, why); !written)
            return fail(written.error());
        const auto count = static_cast<std::int64_t>(pair.moved.size());
        work.commit();
        return Merged{count};
    });
}

Result<MergeCommands::Unmerged> MergeCommands::unmerge(const PatientId& gone, const std::string& reason)
{
    if (auto allowed = require(m_scope, Operation::Update, Area::PatientIdentity, "Patient", gone.text());
        !allowed)
        return fail(allowed.error());
    return guarded([&]() -> Result<Unmerged> {
        UnitOfWork work(m_scope);
        auto goneOne = read(work.records(), gone);
        if (!goneOne)
            return fail(goneOne.error());
        const auto kept = fhir::replacedBy(goneOne->json);
        if (!kept)
            return fail(ErrorCode::NotFound, "merge");
        auto stored = storedPair(work.records(), fhir::duplicatePair(gone.text(), *kept).id);
        if (!stored)
            return fail(stored.error());
        if (!*stored || (*stored)->state != DuplicatePair::State::Merged)
            return fail(ErrorCode::NotFound, "merge"); // by another system, which did not say what it moved
        DuplicatePair pair = **stored;
        auto keptOne = read(work.records(), PatientId::known(*kept));
        if (!keptOne)
            return fail(keptOne.error());

        Unmerged result;
        fhir::removePatientLink(keptOne->json, {"Patient/" + gone.text(), "replaces"});
        result.changedSince = fhir::giveBack(keptOne->json, pair.changes);
        fhir::reinstate(goneOne->json, *kept, pair.wasActive);
        work.records().beginUnit(m_scope.ids.next());
        const std::string why = reason.empty() ? "merge taken back" : reason;
        for (const Json* document : {&keptOne->json, &goneOne->json}) {
            if (auto written = work.records().put(*document, why); !written)
                return fail(written.error());
        }
        const auto restored = pointTo(work.records(), pair.moved, *kept, gone.text(), why);
        if (!restored)
            return fail(restored.error());
        for (const std::string& record : pair.moved) {
            if (std::find(restored->begin(), restored->end(), record) == restored->end())
                result.changedSince.push_back(record);
        }
        result.restored = static_cast<std::int64_t>(restored->size());
        pair.state = DuplicatePair::State::Unmerged;
        pair.kept.clear();
        pair.moved.clear();
        pair.changes.clear();
        signWith(pair);
        if (auto written = writePair(work.records(), pair, why); !written)
            return fail(written.error());
        work.commit();
        return result;
    });
}

/// The same of what the record that was merged away is to others: its links are read by nobody any more.
Result<void> MergeCommands::takeLateRelations(RecordStore& records, DuplicatePair& pair)
{
    auto keptOne = read(records, PatientId::known(pair.kept));
    const auto goneOne = read(records, PatientId::known(pair.gone()));
    if (!keptOne || !goneOne || !roleAllows(m_scope.actor.role, Operation::Update, Area::PatientIdentity))
        return {}; // erased; or somebody who may will come by
    if (!fhir::takeOverRelations(keptOne->json, goneOne->json, pair.changes))
        return {};
    if (auto written = records.put(keptOne->json, "came after a merge"); !written)
        return fail(written.error());
    return writePair(records, pair, "came after a merge");
}

/// Another workstation may have gone on with the record that was merged away, before it heard of the merge.
Result<void> MergeCommands::moveLateComers(RecordStore& records)
{
    for (DuplicatePair& pair : pairsInState(records, m_scope.connection, false)) {
        if (pair.state != DuplicatePair::State::Merged)
            continue;
        if (auto followed = takeLateRelations(records, pair); !followed)
            return followed;
        const auto late = recordsOf(m_scope.connection, pair.gone());
        if (late.empty())
            continue;
        auto moved = pointTo(records, late, pair.gone(), pair.kept, "came after a merge");
        if (!moved && moved.error().code == ErrorCode::Forbidden)
            continue; // somebody who may will come by
        if (!moved)
            return fail(moved.error());
        pair.moved.insert(pair.moved.end(), moved->begin(), moved->end());
        if (auto written = writePair(records, pair, "came after a merge"); !written)
            return written;
    }
    return {};
}

} // namespace yarrow
