// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/day_schedule_model.h"

#include <QString>

class QPagedPaintDevice;

namespace yarrow {

/// Prints what the model shows, a day or a week, black on white whatever the screen looks like: as many pages
/// as its columns need, each with the clinic, the date and its number. The device's page layout is kept.
/// False when the device cannot be painted on.
[[nodiscard]] bool printSchedule(QPagedPaintDevice& device, const DayScheduleModel& model);

} // namespace yarrow
