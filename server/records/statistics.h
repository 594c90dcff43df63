// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/connection.h"

#include <cstddef>

namespace yarrow::server::records {

/// Counts what this process has stored, and lets PostgreSQL look at the tables when they have grown to
/// another order of magnitude since it started: later it looks by itself often enough. After a commit, on any
/// worker thread. Nothing is thrown: only the speed of what follows hangs on it.
void noteStored(db::Connection& connection, const TenantId& tenant, std::size_t records) noexcept;

} // namespace yarrow::server::records
