// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/records/patient_erasure.h"

#include "models/fhir/references.h"
#include "models/fhir/resource_area.h"
#include "models/store/records/record_erasure.h"

#include <array>
#include <utility>

namespace yarrow {
namespace {

/// Whether the document says itself that this patient is whom it is about.
bool isOwn(const Json& document, const std::string& patient)
{
    constexpr std::array<std::string_view, 5> kSubjects{"subject", "patient", "beneficiary", "individual",
                                                        "for"};
    for (const std::string_view element : kSubjects) {
        if (fhir::referencedId(document[element]["reference"].string(), "Patient") == patient)
            return true;
    }
    return isAboutAlone(document, patient);
}

struct Found
{
    std::vector<std::pair<std::string, std::string>> own; // type and id
    std::vector<KeptRecord> kept;
};

Found recordsOf(Connection& connection, const std::string& patient)
{
    Found found;
    // Deleted ones are known by the patient they belonged to.
    Query row(connection, "SELECT r.type, r.id, coalesce(r.body, '') FROM resource r "
                          "LEFT JOIN patient_key k ON k.pk = r.patient "
                          "WHERE r.erased = 0 AND NOT (r.type = 'Patient' AND r.id = ?1) "
                          "AND (k.patient = ?1 OR (r.deleted = 0 AND instr(r.body, ?2) > 0)) ORDER BY r.pk");
    row.bind(patient, "Patient/" + patient);
    while (row.step()) {
        const auto document = Json::parse(row.text(2));
        if (!document) {
            if (areaOf(row.text(0)) == Area::Payments)
                continue;
            found.own.emplace_back(row.string(0), row.string(1));
        } else if (bool isNamed = isOwn(*document, patient); isNamed) {
            if (fhir::areaOf(*document) == Area::Payments)
                found.kept.push_back({row.string(0), row.string(1), "retention-law"});
            else
                found.own.emplace_back(row.string(0), row.string(1));
        } else {
            Json copy = *document;
            fhir::forEachReference(copy, [&](const std::string& text) {
                isNamed = isNamed || fhir::referencedId(text, "Patient") == patient;
            });
            if (isNamed)
                found.kept.push_back({row.string(0), row.string(1), "other-patients"});
        }
    }
    return found;
}

} // namespace

PatientErasure erasePatient(Connection& connection, const Clock& clock, const ClinicIdentity& clinic,
                            const Actor& actor, const std::string& patient, const std::string& legalGround,
                            const std::string& reason)
{
    PatientErasure outcome;
    RecordErasure erasure(connection, clock);
    const auto erase = [&](const std::string& type, const std::string& id) {
        for (const RecordErasure::Erased& one : erasure.erase(type, id, {}, {}))
            outcome.erased += one.wasHere ? 1 : 0;
    };
    Found found = recordsOf(connection, patient);
    for (const auto& [type, id] : found.own)
        erase(type, id);
    erase("Patient", patient);
    erasure.finish();
    outcome.kept = std::move(found.kept);

    AuditEvent event{AuditAction::Erased, AuditCategory::HealthData, "Patient", patient, patient};
    event.reason = reason;
    event.detail = std::to_string(outcome.erased) + " records, " + std::to_string(outcome.kept.size()) +
                   " kept: " + legalGround;
    RecordStore(connection, clock, clinic, actor).audit(event);
    return outcome;
}

} // namespace yarrow
