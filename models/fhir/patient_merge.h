// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fhir/duplicate_task.h"

#include <string>
#include <vector>

/// What merging two Patient documents writes into them, and how that is taken back. Pure functions.
namespace yarrow::fhir {

struct MovedReferences
{
    int moved = 0;          ///< named `from`, and name `to` now
    bool namedBoth = false; ///< the document named `to` before
};
/// Lets every reference to the patient `from` name the patient `to`.
[[nodiscard]] MovedReferences movePatientReferences(Json& document, const std::string& from,
                                                    const std::string& to);

/// Writes into `kept` what it lacks and `gone` has: identifiers (medical record numbers as old ones), names
/// (as old ones), contacts, addresses, birth date, sex, language, death, and that it is somebody's relative.
/// What it has stays. Gives what was
/// changed; InvalidResource when either cannot be read.
[[nodiscard]] Result<std::vector<DuplicatePair::Change>> takeOver(Json& kept, const Json& gone);

/// Of that only whose relative somebody is: what was linked from `gone` after it had been merged. False when
/// there is nothing; else it is among the changes.
[[nodiscard]] bool takeOverRelations(Json& kept, const Json& gone,
                                     std::vector<DuplicatePair::Change>& changes);

/// Takes that back. Elements that somebody has changed since keep the change and lose only the items that
/// were added; those are named.
[[nodiscard]] std::vector<std::string> giveBack(Json& kept,
                                                const std::vector<DuplicatePair::Change>& changes);

void retire(Json& gone, const std::string& kept); ///< inactive, replaced by the other
void reinstate(Json& gone, const std::string& kept, bool isActive);

} // namespace yarrow::fhir
