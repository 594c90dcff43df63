// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/search/patient_search.h"

#include <cstdint>

/// The columns of a PatientHit, from patient_index, and reading them.
#define YARROW_PATIENT_COLUMNS                                                                               \
    "id, mrn, name, birth_date, sex, phone, active, deceased, sort_name, pk, "                               \
    "EXISTS (SELECT 1 FROM edit e WHERE e.resource = patient_index.pk), "                                    \
    "EXISTS (SELECT 1 FROM conflict_index c WHERE c.focus_type = 'Patient' AND "                             \
    "c.focus_id = patient_index.id AND c.open = 1)"

namespace yarrow {

[[nodiscard]] PatientHit patientHit(const Query& row);
[[nodiscard]] inline std::string patientSortName(const Query& row)
{
    return row.string(8);
}
[[nodiscard]] inline std::int64_t patientPk(const Query& row)
{
    return row.integer(9);
}

} // namespace yarrow
