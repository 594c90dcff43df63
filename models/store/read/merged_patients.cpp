// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/read/merged_patients.h"

#include "models/fhir/patient_links.h"
#include "models/store/search/patient_row.h"

namespace yarrow {

std::optional<PatientHit> listedPatient(Connection& connection, const PatientId& id)
{
    Query row(connection, "SELECT " YARROW_PATIENT_COLUMNS " FROM patient_index WHERE pk = "
                          "(SELECT pk FROM resource WHERE type = 'Patient' AND id = ?)");
    row.bind(id.text());
    if (!row.step())
        return std::nullopt;
    return patientHit(row);
}

std::optional<PatientHit> mergedInto(Connection& connection, const PatientId& id)
{
    Query row(connection, "SELECT body FROM resource WHERE type = 'Patient' AND id = ? AND deleted = 0");
    row.bind(id.text());
    if (!row.step())
        return std::nullopt;
    const auto document = Json::parse(row.string(0));
    const auto kept = document ? fhir::replacedBy(*document) : std::nullopt;
    if (!kept)
        return std::nullopt;
    PatientHit unknown;
    unknown.id = PatientId::known(*kept);
    return listedPatient(connection, unknown.id).value_or(unknown);
}

} // namespace yarrow
