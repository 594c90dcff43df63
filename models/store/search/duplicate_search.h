// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/patient_match.h"
#include "models/store/search/patient_search.h"

#include <vector>

namespace yarrow {

/// Somebody who may be the same person.
struct DuplicateHit
{
    PatientHit patient;
    MatchScore score;
    bool isCertain = false; ///< hardly a doubt is left
};

/// Patients who may be this one, the likeliest first: active or not, the patient himself and those who were
/// merged away excepted. Candidates come from the index of names by sound, birth dates, phone and other
/// numbers; each is then compared in full. `patients`: countPatients(), which decides how much must agree.
/// Runs on the calling thread; throws SQLite::Exception.
[[nodiscard]] std::vector<DuplicateHit> findDuplicates(Connection& connection, const Patient& patient,
                                                       std::int64_t patients, int limit);

/// How many patients there are. Of a million, counting takes some hundredths of a second: it is done once and
/// kept, not with every key.
[[nodiscard]] std::int64_t countPatients(Connection& connection);

} // namespace yarrow
