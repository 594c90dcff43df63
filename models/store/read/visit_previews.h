// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "models/domain/visit_preview.h"
#include "models/store/db/connection.h"
#include "models/store/read/clinic_reader.h"

#include <vector>

namespace yarrow {

/// What stands in the way of visits as they are wished, those of no id being new; see previewVisits(). On the
/// connection's thread; throws SQLite::Exception.
[[nodiscard]] Result<std::vector<VisitPreview>>
previewOf(Connection& connection, const std::vector<Appointment>& wished, Instant now, const QTimeZone& zone);

/// The appointments that the previews name as being in the way, each once. Its callers audit it.
[[nodiscard]] std::vector<ListedAppointment> appointmentsInTheWay(Connection& connection,
                                                                  const std::vector<VisitPreview>& previews);

} // namespace yarrow
