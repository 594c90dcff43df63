// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/family_commands.h"

#include "models/fhir/patient_fhir.h"
#include "models/fhir/patient_links.h"
#include "models/fhir/related_person_fhir.h"
#include "models/store/read/clinic_reader.h"
#include "models/store/search/patient_row.h"

#include <QTimeZone>

#include <algorithm>
#include <tuple>

namespace yarrow {
namespace {

/// A record of the family as the index has it.
struct Row
{
    std::string id;
    std::int64_t revision = 0;
    std::string body;
    std::string member; ///< FHIR id of the other patient; empty when nobody is linked
    bool isReciprocal = false;
};

/// Active ones or not; of this patient first.
std::vector<Row> rowsOf(Connection& connection, const std::string& patient)
{
    std::vector<Row> rows;
    Query row(connection,
              "SELECT i.id, r.revision, r.body, coalesce(p.id, ''), 0 AS side FROM related_index i "
              "JOIN resource r ON r.pk = i.pk LEFT JOIN related_link l ON l.related = i.id "
              "LEFT JOIN resource p ON p.pk = l.pk WHERE i.patient = ?1 "
              "UNION ALL SELECT i.id, r.revision, r.body, i.patient, 1 FROM resource p "
              "JOIN related_link l ON l.pk = p.pk JOIN related_index i ON i.id = l.related "
              "JOIN resource r ON r.pk = i.pk WHERE p.type = 'Patient' AND p.id = ?1 AND i.patient <> ?1 "
              "ORDER BY side, 1, 4");
    row.bind(patient);
    while (row.step())
        rows.push_back({row.string(0), row.integer(1), row.string(2), row.string(3), row.integer(4) != 0});
    // Patients who were merged may be related to themselves.
    std::erase_if(rows, [&](const Row& one) { return one.member == patient; });
    return rows;
}

/// Of what that record says, the others that say it too: there are some when two workstations related the
/// same two patients.
std::vector<Row> twinsOf(Connection& connection, const RelatedPerson& person)
{
    std::vector<Row> rows = rowsOf(connection, person.patient.text());
    const auto own =
        std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.id == person.id.text(); });
    if (own == rows.end() || own->member.empty())
        return {};
    const std::string member = own->member;
    std::erase_if(rows, [&](const Row& row) { return row.id == person.id.text() || row.member != member; });
    return rows;
}

std::optional<PatientHit> memberHit(Connection& connection, const std::string& patient)
{
    Query row(connection, "SELECT " YARROW_PATIENT_COLUMNS " FROM patient_index WHERE pk = "
                          "(SELECT r.pk FROM resource r WHERE r.type = 'Patient' AND r.id = ?)");
    if (!row.bind(patient).step())
        return std::nullopt;
    return patientHit(row);
}

QString shortNameOf(Connection& connection, const std::string& patient)
{
    Query row(connection, "SELECT body FROM resource WHERE type = 'Patient' AND id = ? AND deleted = 0");
    if (!row.bind(patient).step())
        return {};
    const auto document = Json::parse(row.text(0));
    const auto read = document ? fhir::readPatient(*document) : fail(document.error());
    return read ? shortName(*read) : QString();
}

Result<RelatedPerson> personOf(const std::string& body)
{
    const auto document = Json::parse(body);
    if (!document)
        return fail(ErrorCode::DatabaseDamaged, "a stored document is not JSON");
    return fhir::readRelatedPerson(*document);
}

PartialDate birthDateOf(const FamilyEntry& entry)
{
    return entry.member ? entry.member->birthDate : entry.person.birthDate;
}

QDate today(const CommandScope& scope)
{
    const QTimeZone zone(QByteArray::fromStdString(scope.clinic.zone));
    return QDateTime::fromMSecsSinceEpoch(scope.clock.now().time_since_epoch().count(), zone).date();
}

} // namespace

Result<std::vector<std::vector<Opening>>>
FamilyCommands::openingsInARow(const std::vector<OpeningsRequest>& visits)
{
    if (auto allowed = require(m_scope, Operation::Read, Area::Appointments, "Appointment"); !allowed)
        return fail(allowed.error());
    const QTimeZone zone(QByteArray::fromStdString(m_scope.clinic.zone));
    return guarded([&] { return ClinicReader(m_scope.connection).openingsInARow(visits, zone); });
}

Result<std::vector<FamilyEntry>> FamilyCommands::list(const PatientId& patient, bool again)
{
    if (auto allowed =
            require(m_scope, Operation::Read, Area::PatientIdentity, "RelatedPerson", patient.text());
        !allowed)
        return fail(allowed.error());
    return guarded([&]() -> Result<std::vector<FamilyEntry>> {
        UnitOfWork work(m_scope);
        std::vector<FamilyEntry> entries;
        std::vector<std::string> named;
        for (const Row& row : rowsOf(m_scope.connection, patient.text())) {
            auto person = personOf(row.body);
            if (!person || !person->active)
                continue;
            const Told told = row.isReciprocal ? inverse(person->told) : person->told;
            if (std::count(named.begin(), named.end(), row.member) > 0) {
                for (FamilyEntry& entry : entries)
                    if (entry.member && entry.member->id.text() == row.member)
                        entry.told = {entry.told.relative || told.relative,
                                      entry.told.patient || told.patient};
                continue;
            }
            FamilyEntry entry{std::move(*person), row.revision, told, {}, {}, row.isReciprocal};
            entry.relation = row.isReciprocal ? inverse(entry.person.relation) : entry.person.relation;
            if (!row.member.empty()) {
                entry.member = memberHit(m_scope.connection, row.member);
                if (!entry.member)
                    continue;
                entry.shortName = shortNameOf(m_scope.connection, row.member);
                named.push_back(row.member);
            } else if (entry.person.names.empty()) {
                continue; // was a patient, whose record is gone
            }
            entries.push_back(std::move(entry));
        }
        std::stable_sort(entries.begin(), entries.end(), [](const FamilyEntry& a, const FamilyEntry& b) {
            return std::tuple(a.relation, birthDateOf(a).text()) <
                   std::tuple(b.relation, birthDateOf(b).text());
        });
        if (!again) {
            AuditEvent event{AuditAction::Search, AuditCategory::HealthData, "RelatedPerson"};
            event.patient = patient.text();
            event.detail = std::to_string(entries.size()) + " found: family";
            work.records().audit(event);
        }
        work.commit();
        return entries;
    });
}

Result<Json> FamilyCommands::readDocument(RecordStore& records, const char* type, const std::string& id)
{
    const auto record = records.find(type, id);
    if (!record || record->deleted)
        return fail(ErrorCode::NotFound, std::string(type) + "/" + id);
    return parseBody(*record);
}

Result<FamilyCommands::Saved> FamilyCommands::write(RecordStore& records, const RelatedPerson& person,
                                                    Json document, const std::string& reason)
{
    fhir::writeRelatedPerson(person, document);
    const auto written = records.put(document, reason);
    if (!written)
        return fail(written.error());
    return Saved{person.id, written->revision};
}

Result<void> FamilyCommands::link(RecordStore& records, const PatientId& relative, const RelatedPersonId& id)
{
    auto document = readDocument(records, "Patient", relative.text());
    if (!document)
        return fail(document.error());
    fhir::addPatientLink(*document, {"RelatedPerson/" + id.text(), "seealso"});
    const auto written = records.put(*document, "family");
    return written ? Result<void>() : fail(written.error());
}

Result<FamilyCommands::Saved> FamilyCommands::add(const PatientId& patient, const PatientId& relative,
                                                  Relation relation, Told told)
{
    // A ward is who has a guardian.
    if (relation == Relation::Ward)
        return add(relative, patient, Relation::Guardian, inverse(told));
    for (const Operation operation : {Operation::Create, Operation::Update}) {
        if (auto allowed =
                require(m_scope, operation, Area::PatientIdentity, "RelatedPerson", patient.text());
            !allowed)
            return fail(allowed.error());
    }
    if (patient == relative)
        return fail(ErrorCode::InvalidArgument, "one patient");
    return guarded([&]() -> Result<Saved> {
        UnitOfWork work(m_scope);
        for (const PatientId& id : {patient, relative}) {
            const auto document = readDocument(work.records(), "Patient", id.text());
            if (!document)
                return fail(document.error());
            if (fhir::replacedBy(*document))
                return fail(ErrorCode::InvalidArgument, "merged away");
        }
        std::optional<Row> former;
        for (Row& row : rowsOf(m_scope.connection, patient.text())) {
            if (row.member != relative.text())
                continue;
            const auto person = personOf(row.body);
            if (!person)
                return fail(person.error());
            if (person->active)
                return fail(ErrorCode::AlreadyExists, "RelatedPerson/" + row.id);
            if (!former && !row.isReciprocal)
                former = std::move(row);
        }
        work.records().beginUnit(m_scope.ids.next());
        RelatedPerson person;
        Json document;
        if (former) {
            auto stored = readDocument(work.records(), "RelatedPerson", former->id);
            auto read = stored ? fhir::readRelatedPerson(*stored) : fail(stored.error());
            if (!read)
                return fail(read.error());
            person = std::move(*read);
            document = std::move(*stored);
        } else {
            person.id = RelatedPersonId::known(m_scope.ids.next());
            person.patient = patient;
        }
        person.active = true;
        person.relation = relation;
        person.told = told;
        auto saved = write(work.records(), person, std::move(document), "family");
        if (!saved)
            return saved;
        if (auto linked = link(work.records(), relative, person.id); !linked)
            return fail(linked.error());
        saved->linked = relative;
        work.commit();
        return saved;
    });
}

Result<FamilyCommands::Saved> FamilyCommands::save(RelatedPerson person, std::int64_t expectedRevision)
{
    const bool isNew = person.id.isEmpty();
    if (auto allowed = require(m_scope, isNew ? Operation::Create : Operation::Update, Area::PatientIdentity,
                               "RelatedPerson", isNew ? person.patient.text() : person.id.text());
        !allowed)
        return fail(allowed.error());
    if (person.relation == Relation::Ward)
        return fail(ErrorCode::InvalidArgument, "relation");
    if (isNew && !validate(person, today(m_scope)).empty())
        return fail(ErrorCode::InvalidArgument, "related person");
    return guarded([&]() -> Result<Saved> {
        UnitOfWork work(m_scope);
        if (auto patient = readDocument(work.records(), "Patient", person.patient.text()); !patient)
            return fail(patient.error());
        Json document;
        if (isNew) {
            person.id = RelatedPersonId::known(m_scope.ids.next());
        } else {
            const auto record = work.records().find("RelatedPerson", person.id.text());
            if (!record || record->deleted)
                return fail(ErrorCode::NotFound, "RelatedPerson/" + person.id.text());
            if (record->revision != expectedRevision)
                return fail(ErrorCode::Stale, "RelatedPerson/" + person.id.text());
            auto stored = parseBody(*record);
            if (!stored)
                return fail(stored.error());
            document = std::move(*stored);
            work.records().beginUnit(m_scope.ids.next());
        }
        auto saved = write(work.records(), person, std::move(document), {});
        if (!saved)
            return saved;
        if (auto alike = tellAlike(work.records(), person); !alike)
            return fail(alike.error());
        work.commit();
        return saved;
    });
}

/// What is shown of the two is what any of their records says: unticked, it has to go from all.
Result<void> FamilyCommands::tellAlike(RecordStore& records, const RelatedPerson& person)
{
    for (const Row& row : twinsOf(m_scope.connection, person)) {
        auto twin = personOf(row.body);
        if (!twin)
            return fail(twin.error());
        const Told told = row.isReciprocal ? inverse(person.told) : person.told;
        if (!twin->active || twin->told == told)
            continue;
        twin->told = told;
        auto document = readDocument(records, "RelatedPerson", row.id);
        auto saved = document ? write(records, *twin, std::move(*document), {}) : fail(document.error());
        if (!saved)
            return fail(saved.error());
    }
    return {};
}

Result<void> FamilyCommands::writeActive(RecordStore& records, const RelatedPersonId& id, bool active)
{
    auto document = readDocument(records, "RelatedPerson", id.text());
    auto person = document ? fhir::readRelatedPerson(*document) : fail(document.error());
    if (!person)
        return fail(person.error());
    person->active = active;
    const auto saved = write(records, *person, std::move(*document),
                             active ? "put back into the family" : "taken out of the family");
    return saved ? Result<void>() : fail(saved.error());
}

Result<std::vector<RelatedPersonId>> FamilyCommands::takeOut(const RelatedPersonId& id)
{
    if (auto allowed = require(m_scope, Operation::Update, Area::PatientIdentity, "RelatedPerson", id.text());
        !allowed)
        return fail(allowed.error());
    return guarded([&]() -> Result<std::vector<RelatedPersonId>> {
        UnitOfWork work(m_scope);
        const auto document = readDocument(work.records(), "RelatedPerson", id.text());
        const auto person = document ? fhir::readRelatedPerson(*document) : fail(document.error());
        if (!person)
            return fail(person.error());
        std::vector<RelatedPersonId> gone{id};
        for (const Row& row : twinsOf(m_scope.connection, *person)) {
            const auto twin = personOf(row.body);
            if (twin && twin->active)
                gone.push_back(RelatedPersonId::known(row.id));
        }
        work.records().beginUnit(m_scope.ids.next());
        for (const RelatedPersonId& each : gone)
            if (auto written = writeActive(work.records(), each, false); !written)
                return fail(written.error());
        work.commit();
        return gone;
    });
}

Result<std::vector<RelatedPersonId>> FamilyCommands::putBack(const std::vector<RelatedPersonId>& ids)
{
    for (const RelatedPersonId& id : ids)
        if (auto allowed =
                require(m_scope, Operation::Update, Area::PatientIdentity, "RelatedPerson", id.text());
            !allowed)
            return fail(allowed.error());
    return guarded([&]() -> Result<std::vector<RelatedPersonId>> {
        UnitOfWork work(m_scope);
        work.records().beginUnit(m_scope.ids.next());
        for (const RelatedPersonId& id : ids)
            if (auto written = writeActive(work.records(), id, true); !written)
                return fail(written.error());
        work.commit();
        return ids;
    });
}

} // namespace yarrow
