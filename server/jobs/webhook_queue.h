// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/connection.h"

#include <set>
#include <string>

namespace yarrow::server::jobs {

/// To be called by every transaction that writes versions, with the types it wrote: the clinic's webhooks
/// hear of them, if it commits. One statement when there are none.
void enqueueWebhooks(db::Transaction& transaction, const std::set<std::string>& types);

} // namespace yarrow::server::jobs
