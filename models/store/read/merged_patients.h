// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/search/patient_search.h"

#include <optional>

namespace yarrow {

// Single patients, as lists show them. On the connection's thread, in a fraction of a millisecond; they throw
// SQLite::Exception.

/// Nothing when there is no such patient here.
[[nodiscard]] std::optional<PatientHit> listedPatient(Connection& connection, const PatientId& id);
/// Whose record is used in place of that one, since they were merged; nothing when it was not merged away.
/// Of a record that is not here the id alone is known.
[[nodiscard]] std::optional<PatientHit> mergedInto(Connection& connection, const PatientId& id);

} // namespace yarrow
