// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/patient_rows.h"

#include <utility>

namespace yarrow {

PatientRow patientRow(PatientHit hit, bool hasServer)
{
    PatientRow row;
    row.id = std::move(hit.id);
    row.mrn = QString::fromStdString(hit.mrn);
    row.name = QString::fromStdString(hit.name);
    row.birthDate = hit.birthDate;
    row.sex = hit.sex;
    row.phone = QString::fromStdString(hit.phone);
    row.active = hit.active;
    row.deceased = hit.deceased;
    row.unsent = hasServer && hit.unsent;
    row.conflicted = hit.conflicted;
    return row;
}

} // namespace yarrow
