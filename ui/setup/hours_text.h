// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/opening_hours.h"

#include <QString>

#include <vector>

namespace yarrow {

/// Hours of one day as they are typed: "8-12, 14-18", "8:30–12 14–18", "9am-5pm", "0-24"; empty or "-" is
/// closed.
struct TypedHours
{
    enum class Problem { None, NotUnderstood, EndNotAfterStart, Overlap };
    std::vector<LocalRange> ranges; ///< by start; empty when closed, or when there is a problem
    Problem problem = Problem::None;
    QString part; ///< what the problem is about, as it was typed
};
[[nodiscard]] TypedHours readHours(const QString& text);

/// As short as it can be typed: "8–12, 14:30–18".
[[nodiscard]] QString shortHoursText(const std::vector<LocalRange>& ranges);
/// "08:00 – 12:00 · 14:30 – 18:00", by the locale.
[[nodiscard]] QString hoursText(const std::vector<LocalRange>& ranges);
[[nodiscard]] int minutesOpen(const std::vector<LocalRange>& ranges);

} // namespace yarrow
