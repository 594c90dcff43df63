// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "models/domain/appointment.h"

#include <optional>

/// How a visit says that it belongs to a series: an identifier that all visits of the series share, which
/// every server keeps and searches, and an extension `appointment-series` with the rule (valueString, RFC
/// 5545) and the start it was planned for (valueInstant).
namespace yarrow::fhir {

/// A missing start as planned is the visit's start.
[[nodiscard]] std::optional<SeriesPlace> readSeriesPlace(const Json& appointment);

/// Changes only what differs. A visit keeps its place: with nothing in `after` nothing is written.
void writeSeriesPlace(Json& appointment, const std::optional<SeriesPlace>& before,
                      const std::optional<SeriesPlace>& after);

} // namespace yarrow::fhir
