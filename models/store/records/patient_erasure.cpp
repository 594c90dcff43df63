// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/records/patient_erasure.h"

#include "models/fhir/duplicate_task.h"
#include "models/fhir/patient_links.h"
#include "models/fhir/references.h"
#include "models/fhir/related_person_fhir.h"
#include "models/fhir/resource_area.h"
#include "models/store/records/record_erasure.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace yarrow {
namespace {

/// Whether the document says itself that this patient is whom it is about.
bool isOwn(const Json& document, const Person& person)
{
    constexpr std::array<std::string_view, 5> kSubjects{"subject", "patient", "beneficiary", "individual",
                                                        "for"};
    for (const std::string_view element : kSubjects) {
        if (person.contains(fhir::referencedId(document[element]["reference"].string(), "Patient")))
            return true;
    }
    return isAboutAlone(document, person);
}

bool isNamed(const Json& document, const Person& person)
{
    bool named = false;
    Json copy = document;
    fhir::forEachReference(copy, [&](const std::string& text) {
        named = named || person.contains(fhir::referencedId(text, "Patient"));
    });
    return named;
}

/// By type and id; a record without a document is deleted.
using Records = std::map<std::pair<std::string, std::string>, std::optional<Json>>;

/// The patient's own record, and what names it.
void readRecordsOf(Connection& connection, const std::string& patient, Records& records)
{
    // Deleted ones are known by the patient they belonged to.
    Query row(connection, "SELECT r.type, r.id, coalesce(r.body, '') FROM resource r "
                          "LEFT JOIN patient_key k ON k.pk = r.patient "
                          "WHERE r.erased = 0 AND ((r.type = 'Patient' AND r.id = ?1) "
                          "OR k.patient = ?1 OR (r.deleted = 0 AND instr(r.body, ?2) > 0))");
    row.bind(patient, "Patient/" + patient);
    while (row.step()) {
        auto document = Json::parse(row.text(2));
        records.emplace(std::pair(row.string(0), row.string(1)),
                        document ? std::optional<Json>(std::move(*document)) : std::optional<Json>());
    }
}

/// The patients with whom this one was merged, whichever of the two records says so; perhaps itself too.
Person mergedWith(Connection& connection, const std::string& patient)
{
    Person all;
    Query row(connection, "SELECT id, coalesce(body, '') FROM resource "
                          "WHERE type = 'Patient' AND erased = 0 AND (id = ?1 OR instr(body, ?2) > 0)");
    row.bind(patient, "Patient/" + patient);
    while (row.step()) {
        const auto document = Json::parse(row.text(1));
        if (!document)
            continue;
        Person one{row.string(0)};
        for (const fhir::PatientLink& link : fhir::patientLinks(*document))
            if (link.type == "replaced-by" || link.type == "replaces")
                one.emplace(fhir::referencedId(link.other, "Patient"));
        one.erase("");
        if (one.contains(patient))
            all.merge(one);
    }
    return all;
}

using Names = std::vector<std::string>;

struct Found
{
    std::vector<std::pair<std::string, std::string>> own; // type and id, without the person's
    std::vector<KeptRecord> kept;
};

Found recordsOf(Connection& connection, const Person& person)
{
    Found found;
    Records records;
    for (const std::string& id : person)
        readRecordsOf(connection, id, records);
    for (const auto& [name, document] : records) {
        const auto& [type, id] = name;
        if (type == "Patient" && person.contains(id)) {
            // What the patient is to others: those records are of the others, and describe this one.
            for (const std::string& relation : document ? fhir::relatedPersonsOf(*document) : Names())
                found.own.emplace_back("RelatedPerson", relation);
            continue;
        }
        const bool isPayment =
            document ? fhir::areaOf(*document) == Area::Payments : areaOf(type) == Area::Payments;
        if (!document) {
            if (!isPayment)
                found.own.push_back(name);
        } else if (isOwn(*document, person)) {
            if (isPayment)
                found.kept.push_back({type, id, "retention-law"});
            else
                found.own.push_back(name);
        } else if (isNamed(*document, person)) {
            // Whether two records are one patient holds what both said, and is nothing once one is gone.
            if (fhir::isDuplicateTask(*document))
                found.own.push_back(name);
            else
                found.kept.push_back({type, id, "other-patients"});
        }
    }
    return found;
}

bool isAtServer(Connection& connection, const std::string& type, const std::string& id)
{
    Query row(connection, "SELECT 1 FROM resource WHERE type = ? AND id = ? AND version IS NOT NULL");
    return row.bind(type, id).step();
}

} // namespace

Person personOf(Connection& connection, const std::string& patient)
{
    Person person{patient};
    for (std::vector<std::string> unread{patient}; !unread.empty();) {
        const std::string next = std::move(unread.back());
        unread.pop_back();
        for (const std::string& other : mergedWith(connection, next))
            if (person.insert(other).second)
                unread.push_back(other);
    }
    return person;
}

PatientErasure erasePatient(Connection& connection, const Clock& clock, const ClinicIdentity& clinic,
                            const Actor& actor, const Person& person, ErasureReach reach,
                            const std::string& legalGround, const std::string& reason)
{
    PatientErasure outcome;
    RecordErasure erasure(connection, clock);
    const auto erase = [&](const std::string& type, const std::string& id) {
        for (const RecordErasure::Erased& one : erasure.erase(type, id, {}, {}))
            outcome.erased += one.wasHere ? 1 : 0;
    };
    Found found = recordsOf(connection, person);
    for (const auto& [type, id] : found.own)
        if (reach == ErasureReach::Everything || !isAtServer(connection, type, id))
            erase(type, id);
    for (const std::string& id : person)
        erase("Patient", id);
    erasure.finish();
    outcome.kept = std::move(found.kept);

    for (const std::string& id : person) {
        AuditEvent event{AuditAction::Erased, AuditCategory::HealthData, "Patient", id, id};
        event.reason = reason;
        event.detail = std::to_string(outcome.erased) + " records, " + std::to_string(outcome.kept.size()) +
                       " kept: " + legalGround;
        RecordStore(connection, clock, clinic, actor).audit(event);
    }
    return outcome;
}

} // namespace yarrow
