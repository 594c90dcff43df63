// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/search/duplicate_search.h"

#include "models/fhir/patient_fhir.h"
#include "models/fhir/patient_links.h"
#include "models/store/search/patient_row.h"
#include "models/store/search/search_tokens.h"
#include "models/store/tunables.h"

#include <algorithm>
#include <unordered_set>

namespace yarrow {

namespace {

struct Candidate
{
    std::int64_t pk = 0;
    PatientHit hit;
    double likeness = 0; ///< by what the list shows of the patient
};

/// What a list shows, as far as it is compared.
Patient listed(const PatientHit& hit)
{
    Patient patient;
    HumanName name;
    name.text = QString::fromStdString(hit.name);
    patient.names.push_back(std::move(name));
    patient.birthDate = hit.birthDate;
    patient.sex = hit.sex;
    if (!hit.phone.empty())
        patient.telecoms.push_back(
            {ContactPoint::System::Phone, ContactPoint::Use::Unset, QString::fromStdString(hit.phone), 0});
    return patient;
}

std::vector<Candidate> candidatesFor(Connection& connection, const Patient& patient,
                                     const MatchProfile& profile)
{
    std::vector<Candidate> candidates;
    std::unordered_set<std::int64_t> seen;
    for (const std::string& expression : duplicateExpressions(patient)) {
        Query row(connection,
                  "SELECT " YARROW_PATIENT_COLUMNS " FROM patient_index WHERE pk IN (SELECT rowid "
                  "FROM patient_fts WHERE patient_fts MATCH ? LIMIT ?) ORDER BY pk");
        row.bind(expression, tunables::kDuplicateCandidates);
        while (row.step()) {
            Candidate candidate;
            candidate.pk = patientPk(row);
            if (!seen.insert(candidate.pk).second)
                continue;
            candidate.hit = patientHit(row);
            if (candidate.hit.id == patient.id)
                continue;
            candidate.likeness = compare(profile, matchProfile(listed(candidate.hit))).weight;
            candidates.push_back(std::move(candidate));
        }
    }
    const auto compared =
        candidates.begin() + std::min(static_cast<std::ptrdiff_t>(candidates.size()),
                                      static_cast<std::ptrdiff_t>(tunables::kDuplicatesCompared));
    std::partial_sort(candidates.begin(), compared, candidates.end(),
                      [](const Candidate& a, const Candidate& b) {
                          return a.likeness != b.likeness ? a.likeness > b.likeness : a.pk < b.pk;
                      });
    candidates.erase(compared, candidates.end());
    return candidates;
}

} // namespace

std::int64_t countPatients(Connection& connection)
{
    Query row(connection, "SELECT count(*) FROM patient_index");
    return row.step() ? row.integer(0) : 0;
}

std::vector<DuplicateHit> findDuplicates(Connection& connection, const Patient& patient,
                                         std::int64_t patients, int limit)
{
    const MatchProfile profile = matchProfile(patient);
    std::vector<DuplicateHit> hits;
    for (Candidate& candidate : candidatesFor(connection, patient, profile)) {
        Query row(connection, "SELECT body FROM resource WHERE pk = ?");
        if (!row.bind(candidate.pk).step())
            continue;
        const auto document = Json::parse(row.text(0));
        const auto stored = document ? fhir::readPatient(*document) : fail(document.error());
        if (!stored || fhir::replacedBy(*document))
            continue;
        MatchScore score = compare(profile, matchProfile(*stored));
        if (score.weight < duplicateThreshold(patients))
            continue;
        const bool isCertain = score.weight >= certainThreshold(patients);
        hits.push_back({std::move(candidate.hit), std::move(score), isCertain});
    }
    std::sort(hits.begin(), hits.end(), [](const DuplicateHit& a, const DuplicateHit& b) {
        return a.score.weight != b.score.weight ? a.score.weight > b.score.weight
                                                : a.patient.id.text() < b.patient.id.text();
    });
    if (hits.size() > static_cast<std::size_t>(limit))
        hits.erase(hits.begin() + limit, hits.end());
    return hits;
}

} // namespace yarrow
