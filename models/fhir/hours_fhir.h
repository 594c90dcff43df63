// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/opening_hours.h"
#include "models/fhir/elements.h"

#include <string_view>
#include <vector>

/// Weekly hours, as PractitionerRole.availableTime and Location.hoursOfOperation hold them: one element for
/// several days with the same times.
namespace yarrow::fhir {

struct HoursElements
{
    std::string_view list;
    std::string_view from;
    std::string_view until;
};
inline constexpr HoursElements kAvailableTime{"availableTime", "availableStartTime", "availableEndTime"};
inline constexpr HoursElements kHoursOfOperation{"hoursOfOperation", "openingTime", "closingTime"};

/// Each day's ranges by their start. No daysOfWeek means every day; no start or end means midnight; an
/// element that says none of these is passed over.
[[nodiscard]] WeeklyHours readHours(const ElementView& element, const HoursElements& names);

/// An element stays as it is while all its days keep their range, loses the days that do not, and goes with
/// the last. New ranges become new elements behind them.
void writeHours(Json& object, const HoursElements& names, const WeeklyHours& before, const WeeklyHours& after,
                ElementOrder order);

/// PractitionerRole.notAvailable: those that say when. Days without a time are days in UTC; an open start or
/// end reaches to the year 1 or 9999.
[[nodiscard]] std::vector<Blockout> readBlockouts(const ElementView& element);
void writeBlockouts(Json& object, const std::vector<Blockout>& before, const std::vector<Blockout>& after,
                    ElementOrder order);

/// Location: the `closed` extensions, see Location::closures. Their times as with blockouts.
[[nodiscard]] std::vector<Blockout> readClosures(const ElementView& element);
void writeClosures(Json& object, const std::vector<Blockout>& before, const std::vector<Blockout>& after,
                   ElementOrder order);

} // namespace yarrow::fhir
