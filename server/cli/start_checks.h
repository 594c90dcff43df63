// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/cli/options.h"
#include "server/db/connection.h"

namespace yarrow::server::cli {

/// What must be right before the server serves: the role is bound by row-level security, the schema is one it
/// knows, the key file is nobody else's to read. Throws CommandFailed with what to do. Raises the limit of
/// open files as far as it goes.
void checkBeforeServing(const Options& options, db::Connection& connection);

} // namespace yarrow::server::cli
