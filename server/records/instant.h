// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace yarrow::server {

/// Microseconds since 1970 as a FHIR instant in UTC with all six digits: "2026-05-04T07:30:00.000001Z".
/// PostgreSQL reads it without loss. In SQL the way back is YARROW_MICROS.
[[nodiscard]] std::string instantOf(std::int64_t micros);

/// SQL: a timestamptz expression as microseconds since 1970.
#define YARROW_MICROS(expression) "(extract(epoch FROM " expression ") * 1000000)::bigint"

} // namespace yarrow::server
