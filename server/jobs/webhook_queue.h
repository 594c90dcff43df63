// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/connection.h"

#include <cstdint>
#include <set>
#include <string>

namespace yarrow::server::jobs {

/// In the transaction that wrote the versions seqFrom–seqTo: sees to it that the clinic's webhooks hear of
/// them. Cheap when there are none.
void enqueueWebhooks(db::Transaction& work, std::int64_t seqFrom, std::int64_t seqTo,
                     const std::set<std::string>& types);

} // namespace yarrow::server::jobs
