// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAccessible>

namespace yarrow {

class DayView;

/// What assistive technology sees of a DayView: a list with one item for each appointment, column after
/// column in the order of time, and, while a free cell is selected, one last item for it.
void installDayViewAccessibility();

/// The index of the item that has the keyboard; -1 when there is none.
[[nodiscard]] int focusedChildOf(const DayView& view);

} // namespace yarrow
