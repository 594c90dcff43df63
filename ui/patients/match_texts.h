// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "models/domain/patient_match.h"

#include <QString>
#include <QStringList>

namespace yarrow {

/// "Same birth date, phone differs": what speaks for two records being of one person, and what against it.
[[nodiscard]] QString reasonsText(const std::vector<MatchReason>& reasons);

/// What became of a merge that was to be taken back: what was changed since and is left as it is, or why not.
struct UnmergedText
{
    QString sentence;
    bool isRefused = false;
    bool isComplete = false; ///< both records are as they were
};
[[nodiscard]] UnmergedText unmergedText(const Result<QStringList>& changedSince);

} // namespace yarrow
