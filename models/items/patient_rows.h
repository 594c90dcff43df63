// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_rows.h"
#include "models/store/search/patient_search.h"

namespace yarrow {

/// A hit as lists show it; where it stands with the server is left to the caller.
[[nodiscard]] PatientRow patientRow(PatientHit hit);

} // namespace yarrow
