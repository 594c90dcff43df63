// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "models/domain/directory.h"
#include "models/domain/visit_preview.h"
#include "models/store/db/connection.h"

#include <map>
#include <string>
#include <vector>

namespace yarrow {

using ServiceBuffers = std::map<HealthcareServiceId, Buffers>;

/// Of the visit types that have any.
[[nodiscard]] ServiceBuffers serviceBuffers(const Directory& directory);

/// What `actor` ("Practitioner/7") is booked for in [from, until), buffers of the visit types included, by
/// start. On the connection's thread; throws SQLite::Exception.
[[nodiscard]] std::vector<BookedTime> bookedTimes(Connection& connection, const std::string& actor,
                                                  Instant from, Instant until, const ServiceBuffers& buffers);

/// The same as the times that cannot be had.
[[nodiscard]] std::vector<TimeRange> busyTimes(Connection& connection, const std::string& actor, Instant from,
                                               Instant until, const ServiceBuffers& buffers);

} // namespace yarrow
