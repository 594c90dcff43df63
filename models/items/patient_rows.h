// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_rows.h"
#include "models/store/search/patient_search.h"

namespace yarrow {

/// A hit as lists show it. What is not sent is nothing to tell of where there is no server.
[[nodiscard]] PatientRow patientRow(PatientHit hit, bool hasServer);

} // namespace yarrow
