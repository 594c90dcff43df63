// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/records/projections.h"

#include "core/crypto.h"
#include "core/text_fold.h"
#include "models/fhir/appointment_fhir.h"
#include "models/fhir/patient_fhir.h"
#include "models/fhir/patient_links.h"
#include "models/fhir/references.h"
#include "models/fhir/related_person_fhir.h"
#include "models/store/search/search_tokens.h"

#include <algorithm>
#include <array>
#include <vector>

namespace yarrow {

namespace {

std::string_view sexCode(Sex sex)
{
    switch (sex) {
    case Sex::Female:
        return "female";
    case Sex::Male:
        return "male";
    case Sex::Other:
        return "other";
    case Sex::Unknown:
        return "";
    }
    bug("unknown sex", __FILE__, __LINE__);
}

std::string firstPhone(const Patient& patient)
{
    for (const ContactPoint& telecom : patient.telecoms) {
        if (telecom.system == ContactPoint::System::Phone && telecom.use != ContactPoint::Use::Old)
            return telecom.value.toStdString();
    }
    return {};
}

void erasePatient(Connection& connection, std::int64_t pk)
{
    // A contentless index forgets a row only when it is told the very words it learned.
    Query tokens(connection, "SELECT tokens FROM patient_index WHERE pk = ?");
    if (!tokens.bind(pk).step())
        return;
    Query(connection, "INSERT INTO patient_fts (patient_fts, rowid, tokens) VALUES ('delete', ?, ?)")
        .bind(pk, tokens.string(0))
        .run();
    Query(connection, "DELETE FROM patient_index WHERE pk = ?").bind(pk).run();
    Query(connection, "DELETE FROM related_link WHERE pk = ?").bind(pk).run();
}

void storePatient(Connection& connection, std::int64_t pk, const Patient& patient,
                  const std::vector<std::string>& relatedPersons, std::int64_t changedAt)
{
    for (const std::string& related : relatedPersons)
        Query(connection, "INSERT OR IGNORE INTO related_link (pk, related) VALUES (?, ?)")
            .bind(pk, related)
            .run();
    const HumanName* shown = displayName(patient);
    const std::string name = shown ? formatName(*shown).toStdString() : std::string();
    const std::string tokens = searchTokens(patient);
    Query(connection,
          "INSERT INTO patient_index (pk, id, mrn, name, sort_name, birth_date, sex, phone, active, "
          "deceased, tokens, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(pk, patient.id.text(), medicalRecordNumber(patient).toStdString(), name, foldForSearch(name),
              patient.birthDate.text(), sexCode(patient.sex), firstPhone(patient), patient.active,
              patient.deceased, tokens, changedAt)
        .run();
    Query(connection, "INSERT INTO patient_fts (rowid, tokens) VALUES (?, ?)").bind(pk, tokens).run();
}

void eraseRelatedPerson(Connection& connection, std::int64_t pk)
{
    Query(connection, "DELETE FROM related_index WHERE pk = ?").bind(pk).run();
}

void storeRelatedPerson(Connection& connection, std::int64_t pk, const RelatedPerson& person)
{
    Query(connection, "INSERT INTO related_index (pk, id, patient) VALUES (?, ?, ?)")
        .bind(pk, person.id.text(), person.patient.text())
        .run();
}

void eraseAppointment(Connection& connection, std::int64_t pk)
{
    Query(connection, "DELETE FROM appointment_actor WHERE appointment = ?").bind(pk).run();
    Query(connection, "DELETE FROM appointment_index WHERE pk = ?").bind(pk).run();
}

void storeAppointment(Connection& connection, std::int64_t pk, const Appointment& appointment,
                      const std::vector<std::string>& actors)
{
    const std::int64_t start = appointment.start.time_since_epoch().count();
    const std::int64_t end = appointment.end.time_since_epoch().count();
    Query(connection, "INSERT INTO appointment_index (pk, id, start_at, end_at, status, patient, "
                      "series, service) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(pk, appointment.id.text(), start, end, fhir::statusCode(appointment.status),
              appointment.patient.text(),
              appointment.series ? std::string_view(appointment.series->series) : std::string_view(),
              appointment.service.text())
        .run();
    if (!holdsSlot(appointment.status))
        return;
    for (const std::string& actor : actors) {
        Query(connection, "INSERT INTO appointment_actor (actor, start_at, appointment, end_at, overbooked) "
                          "VALUES (?, ?, ?, ?, ?)")
            .bind(actor, start, pk, end, !appointment.overbookReason.empty())
            .run();
    }
}

void eraseConflict(Connection& connection, std::int64_t pk)
{
    Query(connection, "DELETE FROM conflict_index WHERE pk = ?").bind(pk).run();
}

void storeConflict(Connection& connection, std::int64_t pk, const Conflict& conflict)
{
    Query(connection, "INSERT INTO conflict_index (pk, id, kind, focus_type, focus_id, open, detected_at) "
                      "VALUES (?, ?, ?, ?, ?, ?, ?)")
        .bind(pk, conflict.id, conflictKindCode(conflict.kind), conflict.focusType, conflict.focusId,
              !conflict.settlement, conflict.detectedAt)
        .run();
}

void eraseDuplicate(Connection& connection, std::int64_t pk)
{
    Query(connection, "DELETE FROM duplicate_index WHERE pk = ?").bind(pk).run();
}

void storeDuplicate(Connection& connection, std::int64_t pk, const DuplicatePair& pair)
{
    Query(connection,
          "INSERT INTO duplicate_index (pk, id, first, second, state, at) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(pk, pair.id, pair.first, pair.second, duplicateStateCode(pair.state), pair.foundAt)
        .run();
}

/// Every practitioner, room and device that takes part and did not decline, once.
std::vector<std::string> bookedActors(const Json& document)
{
    std::vector<std::string> actors;
    for (const Json& participant : document["participant"].items()) {
        const auto actor = fhir::parseReference(participant["actor"]["reference"].string());
        if (!actor || participant["status"].string() == "declined")
            continue;
        if (actor->type != "Practitioner" && actor->type != "Location" && actor->type != "Device")
            continue;
        std::string name = std::string(actor->type) + "/" + std::string(actor->id);
        if (std::find(actors.begin(), actors.end(), name) == actors.end())
            actors.push_back(std::move(name));
    }
    return actors;
}

/// Every projection with all that stands in it, in an order of its own.
struct ProjectionTable
{
    const char* name;
    const char* rows;
};
constexpr std::array kProjectionTables{
    ProjectionTable{"conflict_index", "SELECT pk, id, kind, focus_type, focus_id, open, detected_at "
                                      "FROM conflict_index ORDER BY pk"},
    ProjectionTable{"duplicate_index",
                    "SELECT pk, id, first, second, state, at FROM duplicate_index ORDER BY pk"},
    ProjectionTable{"patient_index", "SELECT pk, id, mrn, name, sort_name, birth_date, sex, phone, active, "
                                     "deceased, tokens, changed_at FROM patient_index ORDER BY pk"},
    ProjectionTable{"related_index", "SELECT pk, id, patient FROM related_index ORDER BY pk"},
    ProjectionTable{"related_link", "SELECT pk, related FROM related_link ORDER BY pk, related"},
    ProjectionTable{"patient_fts", "SELECT term, doc FROM temp.patient_words ORDER BY term, doc"},
    ProjectionTable{"appointment_index", "SELECT pk, id, start_at, end_at, status, patient, series, service "
                                         "FROM appointment_index ORDER BY pk"},
    ProjectionTable{"appointment_actor", "SELECT actor, start_at, appointment, end_at, overbooked "
                                         "FROM appointment_actor ORDER BY actor, start_at, appointment"},
};

crypto::Digest digestOfRows(Connection& connection, const char* sql)
{
    crypto::Sha256 digest;
    SQLite::Statement row(connection.db(), sql);
    while (row.executeStep()) {
        for (int column = 0; column < row.getColumnCount(); ++column) {
            const std::string_view text = textOf(row.getColumn(column));
            digest.update(crypto::bytesOf(std::to_string(text.size()) + ":")).update(crypto::bytesOf(text));
        }
    }
    return digest.finish();
}

} // namespace

Result<Projection> Projection::of(const Json& document)
{
    const std::string_view type = document["resourceType"].string();
    if (type == "Patient") {
        auto patient = fhir::readPatient(document);
        if (!patient)
            return fail(patient.error());
        // A record that was merged away is nobody's relative any more: the other one is.
        std::vector<std::string> related;
        if (!fhir::replacedBy(document))
            related = fhir::relatedPersonsOf(document);
        return Projection(Content(Person{std::move(*patient), std::move(related)}));
    }
    if (type == "RelatedPerson") {
        auto person = fhir::readRelatedPerson(document);
        if (!person)
            return fail(person.error());
        return Projection(Content(std::move(*person)));
    }
    if (type == "Appointment") {
        auto appointment = fhir::readAppointment(document);
        if (!appointment)
            return fail(appointment.error());
        return Projection(Content(Visit{std::move(*appointment), bookedActors(document)}));
    }
    if (fhir::isConflictTask(document)) {
        auto conflict = fhir::readConflict(document);
        if (!conflict)
            return fail(conflict.error());
        return Projection(Content(std::move(*conflict)));
    }
    if (fhir::isDuplicateTask(document)) {
        auto pair = fhir::readDuplicate(document);
        if (!pair)
            return fail(pair.error());
        return Projection(Content(std::move(*pair)));
    }
    return Projection(Content());
}

void Projection::store(Connection& connection, std::int64_t pk, bool replace, Instant changedAt) const
{
    if (const auto* person = std::get_if<Person>(&m_content)) {
        if (replace)
            erasePatient(connection, pk);
        storePatient(connection, pk, person->patient, person->relatedPersons,
                     changedAt.time_since_epoch().count());
    } else if (const auto* related = std::get_if<RelatedPerson>(&m_content)) {
        if (replace)
            eraseRelatedPerson(connection, pk);
        storeRelatedPerson(connection, pk, *related);
    } else if (const auto* visit = std::get_if<Visit>(&m_content)) {
        if (replace)
            eraseAppointment(connection, pk);
        storeAppointment(connection, pk, visit->appointment, visit->actors);
    } else {
        if (replace) { // of what was one, and perhaps is none any more
            eraseConflict(connection, pk);
            eraseDuplicate(connection, pk);
            eraseRelatedPerson(connection, pk);
        }
        if (const auto* conflict = std::get_if<Conflict>(&m_content))
            storeConflict(connection, pk, *conflict);
        else if (const auto* pair = std::get_if<DuplicatePair>(&m_content))
            storeDuplicate(connection, pk, *pair);
    }
}

void Projection::erase(Connection& connection, std::string_view type, std::int64_t pk)
{
    if (type == "Patient")
        erasePatient(connection, pk);
    else if (type == "RelatedPerson")
        eraseRelatedPerson(connection, pk);
    else if (type == "Appointment")
        eraseAppointment(connection, pk);
    else if (type == "Task") {
        eraseConflict(connection, pk);
        eraseDuplicate(connection, pk);
    }
}

void Projection::forget(Connection& connection, std::string_view type, std::int64_t pk)
{
    erase(connection, type, pk);
    if (type == "Task")
        Query(connection, "DELETE FROM settlement WHERE task = (SELECT id FROM resource WHERE pk = ?)")
            .bind(pk)
            .run();
}

Result<std::int64_t> Projection::rebuild(Connection& connection)
{
    connection.exec("INSERT INTO patient_fts (patient_fts) VALUES ('delete-all')");
    connection.exec("DELETE FROM patient_index");
    connection.exec("DELETE FROM related_index");
    connection.exec("DELETE FROM related_link");
    connection.exec("DELETE FROM appointment_actor");
    connection.exec("DELETE FROM appointment_index");
    connection.exec("DELETE FROM conflict_index");
    connection.exec("DELETE FROM duplicate_index");
    std::int64_t count = 0;
    Query row(
        connection,
        "SELECT pk, body, changed_at FROM resource NOT INDEXED "
        "WHERE type IN ('Appointment', 'Patient', 'RelatedPerson', 'Task') AND deleted = 0 ORDER BY pk");
    while (row.step()) {
        const auto document = Json::parse(row.text(1));
        if (!document)
            return fail(ErrorCode::DatabaseDamaged, "a stored document is not JSON");
        const auto projection = Projection::of(*document);
        if (!projection)
            continue; // a server's document that cannot be read is kept, and stands in no list
        projection->store(connection, row.integer(0), false,
                          Instant(std::chrono::milliseconds(row.integer(2))));
        ++count;
    }
    return count;
}

Result<std::int64_t> Projection::rebuildAll(Connection& connection)
{
    return guarded([&]() -> Result<std::int64_t> {
        Transaction transaction(connection);
        auto count = rebuild(connection);
        if (count)
            transaction.commit();
        return count;
    });
}

Result<void> Projection::rebuildIfDue(Connection& connection)
{
    return guarded([&]() -> Result<void> {
        if (Query due(connection, "SELECT 1 FROM projection_due"); !due.step())
            return {};
        Transaction transaction(connection);
        if (auto rebuilt = rebuild(connection); !rebuilt)
            return fail(rebuilt.error());
        Query(connection, "DELETE FROM projection_due").run();
        transaction.commit();
        return {};
    });
}

Result<void> Projection::verifyAll(Connection& connection)
{
    return guarded([&]() -> Result<void> {
        Transaction transaction(connection); // never committed
        connection.exec(
            "CREATE VIRTUAL TABLE temp.patient_words USING fts5vocab('main', 'patient_fts', 'instance')");
        std::vector<crypto::Digest> stored;
        for (const ProjectionTable& table : kProjectionTables)
            stored.push_back(digestOfRows(connection, table.rows));
        if (auto rebuilt = rebuild(connection); !rebuilt)
            return fail(rebuilt.error());
        for (std::size_t i = 0; i < stored.size(); ++i) {
            if (digestOfRows(connection, kProjectionTables[i].rows) != stored[i])
                return fail(ErrorCode::DatabaseDamaged, kProjectionTables[i].name);
        }
        return {};
    });
}

} // namespace yarrow
