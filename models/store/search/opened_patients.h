// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "models/store/search/patient_search.h"

#include <string_view>
#include <vector>

/// The patients that somebody opened last: kept here alone, never exchanged. On the connection's thread; they
/// throw SQLite::Exception.
namespace yarrow::opened_patients {

/// Part of a transaction of the caller's. The oldest of many are forgotten.
void note(Connection& connection, const AccountId& account, const PatientId& patient);
/// The last one first; those that are no more, or no longer here, are left out.
[[nodiscard]] std::vector<PatientHit> list(Connection& connection, const AccountId& account, int limit);
/// By everybody.
void forget(Connection& connection, std::string_view patient);

} // namespace yarrow::opened_patients
