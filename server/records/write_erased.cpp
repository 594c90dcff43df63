// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/erasure.h"
#include "server/records/write_batch.h"

namespace yarrow::server::records {

/// Before all else, so that no answer to an older operation shows what was erased. Payments that are kept
/// because the law wants it go on.
void WriteBatch::refuseErased()
{
    const auto patientOf = [](const fhir::WriteEntry& entry) -> const std::string* {
        const bool counts =
            entry.document && entry.document->index.patient && entry.document->area != Area::Payments;
        return counts ? &*entry.document->index.patient : nullptr;
    };
    std::set<RecordName> names;
    for (const std::size_t i : open()) {
        const fhir::WriteEntry& entry = m_items[i].entry;
        names.emplace(entry.type, entry.id);
        if (const std::string* patient = patientOf(entry))
            names.emplace("Patient", *patient);
    }
    const std::set<RecordName> erased = erasedAmong(m_work, names);
    if (erased.empty())
        return;
    for (const std::size_t i : open()) {
        const fhir::WriteEntry& entry = m_items[i].entry;
        const std::string* patient = patientOf(entry);
        if (erased.contains({entry.type, entry.id}))
            refuseItem(i, erasedProblem(entry.type, entry.id));
        else if (patient != nullptr && erased.contains({"Patient", *patient}))
            refuseItem(i, erasedProblem("Patient", *patient));
    }
}

} // namespace yarrow::server::records
