// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "models/domain/patient.h"
#include "models/store/db/connection.h"

#include <string>
#include <string_view>
#include <vector>

namespace yarrow {

/// One line of a result list.
struct PatientHit
{
    PatientId id;
    std::string mrn;
    std::string name; ///< "Family, Given"
    PartialDate birthDate;
    Sex sex = Sex::Unknown;
    std::string phone;
    bool active = true;
    bool deceased = false;
    bool unsent = false;     ///< has an edit that no server has acknowledged
    bool conflicted = false; ///< a conflict about it waits for a decision
    bool operator==(const PatientHit&) const = default;
};

/// At most `limit` (1 to 1000) patients that fit all that was typed; see matchExpression(). Whole words come
/// before beginnings, names that begin as typed before others, active patients before former ones, then by
/// name. Where little fits, names that sound alike or are a typing error away come behind, the likest (Jaro
/// and Winkler) first, also across scripts. Of a very broad search (one letter among a million names) the
/// best of the first some hundred candidates are shown. Empty text gives the most recently changed patients.
/// Runs on the calling thread, in a few milliseconds; throws SQLite::Exception.
[[nodiscard]] std::vector<PatientHit> searchPatients(Connection& connection, std::string_view typed,
                                                     int limit);

} // namespace yarrow
