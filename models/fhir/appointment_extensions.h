// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "models/domain/appointment.h"

/// The extensions of an Appointment by which it says when its stages were reached and what somebody on the
/// waiting list would take. What cannot be read in them reads as not given and stays as it is.
namespace yarrow::fhir {

inline constexpr std::string_view kStageTimes = "https://yarrow.example/fhir/StructureDefinition/stage-times";

/// `stage-times`, complex: arrived, in-room and done, each valueInstant.
[[nodiscard]] StageTimes readStageTimes(const Json& appointment);
/// `waiting-wish`, complex: practitioner* (valueReference), weekday* (valueCode of days-of-week), from and
/// until (valueTime), notice (valueDuration in minutes). Priority, creation and length are elements of
/// Appointment itself.
[[nodiscard]] WaitingWish readWaitingWish(const Json& appointment);

// Each changes only what differs between `before` and `after`.
void writeStageTimes(Json& appointment, const StageTimes& before, const StageTimes& after);
void writeWaitingWish(Json& appointment, const WaitingWish& before, const WaitingWish& after);

} // namespace yarrow::fhir
