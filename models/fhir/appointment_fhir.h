// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "models/domain/appointment.h"

namespace yarrow::fhir {

/// Reads an Appointment document. A missing end is start + minutesDuration. InvalidResource with the element
/// path when status, start or end cannot be used (status proposed/pending/cancelled/waitlist may lack times:
/// both read as the epoch).
[[nodiscard]] Result<Appointment> readAppointment(const Json& document);

/// Writes only what changed (see writePatient). Participants are matched by actor; further participants stay.
/// start and end are written as UTC instants.
void writeAppointment(const Appointment& appointment, Json& document);

[[nodiscard]] std::string_view statusCode(AppointmentStatus status) noexcept;
[[nodiscard]] std::optional<AppointmentStatus> statusFromCode(std::string_view code) noexcept;

} // namespace yarrow::fhir
