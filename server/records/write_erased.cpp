// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/erasure.h"
#include "server/records/write_batch.h"

namespace yarrow::server::records {
namespace {

/// The patient whose erasure forbids the entry; nullptr for payments, which the law wants kept and which go
/// on.
const std::string* patientOf(const fhir::WriteEntry& entry)
{
    const bool counts =
        entry.document && entry.document->index.patient && entry.document->area != Area::Payments;
    return counts ? &*entry.document->index.patient : nullptr;
}

} // namespace

/// Before all else, so that no answer to an older operation shows what was erased.
void WriteBatch::refuseErased()
{
    std::set<RecordName> names;
    for (const std::size_t i : open()) {
        const fhir::WriteEntry& entry = m_items[i].entry;
        names.emplace(entry.type, entry.id);
        if (const std::string* patient = patientOf(entry))
            names.emplace("Patient", *patient);
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
        const std::string* patient = patientOf(m_items[i].entry);
        if (patient != nullptr && !m_items[i].isLive() && m_erased.contains({"Patient", *patient}))
            refuseItem(i, erasedProblem("Patient", *patient));
    }
}

} // namespace yarrow::server::records
