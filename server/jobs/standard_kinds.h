// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/outgoing.h"
#include "server/jobs/cleanup.h"
#include "server/jobs/kind.h"

#include <vector>

namespace yarrow::server {
class KeyProvider;
}

namespace yarrow::server::jobs {

/// All kinds of jobs there are. `keys` outlives them.
[[nodiscard]] std::vector<Kind> standardKinds(const RetentionSettings& retention,
                                              const OutgoingPolicy& webhooks, const KeyProvider& keys);

} // namespace yarrow::server::jobs
