// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/key_provider.h"
#include "server/cli/options.h"
#include "server/http/outgoing.h"
#include "server/jobs/kind.h"
#include "server/jobs/worker.h"

#include <vector>

namespace yarrow::server::cli {

// What the options say about jobs, for `serve` and for `jobs`.
[[nodiscard]] OutgoingPolicy outgoingPolicyOf(const Options& options);
[[nodiscard]] jobs::WorkerSettings workerSettingsOf(const Options& options);
/// All kinds there are. `keys` outlives them.
[[nodiscard]] std::vector<jobs::Kind> jobKindsOf(const Options& options, const KeyProvider& keys);

} // namespace yarrow::server::cli
