// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/id.h"
#include "models/domain/opening_hours.h"

#include <array>
#include <chrono>
#include <optional>
#include <vector>

namespace yarrow {

/// What somebody who waits for an appointment would take.
struct WaitingWish
{
    std::vector<PractitionerId> practitioners; ///< empty: anybody
    std::array<bool, 7> weekdays{};            ///< 0 is Monday (ISO 8601); none set: any day
    std::optional<LocalRange> times;           ///< the part of the day, in the clinic's time; nothing: any
    std::chrono::minutes notice{0};            ///< needed between the call and the visit
    std::chrono::minutes duration{0};          ///< of the visit, while it has no times; 0: not given
    int priority = 0;                          ///< FHIR Appointment.priority: 1 first, 9 last, 0 none given
    std::optional<Instant> since;              ///< FHIR Appointment.created
    bool operator==(const WaitingWish&) const = default;
};

} // namespace yarrow
