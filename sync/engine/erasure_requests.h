// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/sync_session.h"

namespace yarrow::sync {

/// Asks yarrow-server for the erasures that administrators want. What it did comes with the feed; a patient
/// it does not know is erased here. A refusal stays with the request, for whoever asked.
[[nodiscard]] Step<void> sendErasureRequests(SyncSession& session);

} // namespace yarrow::sync
