// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/erasure.h"
#include "server/records/write_batch.h"

#include <string>
#include <vector>

namespace yarrow::server::records {
namespace {

/// The patients whose erasure forbids the entry; none for payments, which the law wants kept and which go on.
std::vector<std::string> patientsOf(const fhir::WriteEntry& entry)
{
    std::vector<std::string> patients;
    if (!entry.document || entry.document->area == Area::Payments)
        return patients;
    for (const auto& patient : {entry.document->index.patient, entry.document->index.otherPatient})
        if (patient)
            patients.push_back(*patient);
    return patients;
}

} // namespace

/// Before all else, so that no answer to an older operation shows what was erased.
void WriteBatch::refuseErased()
{
    std::set<RecordName> names;
    for (const std::size_t i : open()) {
        const fhir::WriteEntry& entry = m_items[i].entry;
        names.emplace(entry.type, entry.id);
        for (const std::string& patient : patientsOf(entry))
            names.emplace("Patient", patient);
    }
    m_erased = erasedAmong(m_work, names);
    for (const std::size_t i : open()) {
        const fhir::WriteEntry& entry = m_items[i].entry;
        if (m_erased.contains({entry.type, entry.id}))
            refuseItem(i, erasedProblem(entry.type, entry.id));
    }
}

/// A record that was kept because it is about others as well may still be changed.
void WriteBatch::refuseNewOfErasedPatients()
{
    if (m_erased.empty())
        return;
    for (const std::size_t i : open()) {
        if (m_items[i].isLive())
            continue;
        for (const std::string& patient : patientsOf(m_items[i].entry)) {
            if (!m_erased.contains({"Patient", patient}))
                continue;
            refuseItem(i, erasedProblem("Patient", patient));
            break;
        }
    }
}

} // namespace yarrow::server::records
