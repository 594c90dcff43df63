// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/patient_match.h"

#include <QString>

namespace yarrow {

/// "Same birth date, phone differs": what speaks for two records being of one person, and what against it.
[[nodiscard]] QString reasonsText(const std::vector<MatchReason>& reasons);

} // namespace yarrow
