// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/fhir/index_values.h"
#include "server/json/json_document.h"
#include "server/problem.h"

namespace yarrow::server::fhir {

/// Takes date, slot, patient and the actors of an Appointment into `index`. 422 as indexValuesOf() says.
[[nodiscard]] Result<void> indexAppointment(JsonView appointment, IndexValues& index);

} // namespace yarrow::server::fhir
