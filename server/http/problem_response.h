// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/message.h"
#include "server/problem.h"

namespace yarrow::server {

/// The answer that tells of a problem: an OperationOutcome under /fhir, a problem document (RFC 9457)
/// elsewhere. With the problem's header fields, and those that belong to its status (WWW-Authenticate,
/// Retry-After).
[[nodiscard]] Response problemResponse(const Problem& problem, const Request& request);

/// The reason phrase of a status.
[[nodiscard]] const char* statusText(int status) noexcept;

/// The exception under way as a problem: 503 `database-unavailable`, 503 `database-busy` or 500
/// `internal-error`. Logged under the request's id, without what its text may tell of the data. To be called
/// inside catch (...).
[[nodiscard]] Problem problemOfException(const std::string& requestId);

} // namespace yarrow::server
