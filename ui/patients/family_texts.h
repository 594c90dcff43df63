// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/family_desk.h"

#include <QString>

namespace yarrow {

/// "Parent", "Child": what somebody is to the patient.
[[nodiscard]] QString relationText(Relation relation);
/// The same of a row: in the words of its record where it has no relation that is known here.
[[nodiscard]] QString relationText(const FamilyRow& row);
/// "Parent · 38 years, born 4 March 1988 · +39 055 0123 · may be told": what stands below a name.
[[nodiscard]] QString familyFacts(const FamilyRow& row, QDate today);

} // namespace yarrow
