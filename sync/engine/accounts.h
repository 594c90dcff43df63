// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/sync_session.h"

namespace yarrow::sync {

/// Before the records: tells the server of accounts that were made, enabled or given other rights here, so
/// that it takes what these people did.
[[nodiscard]] Step<void> tellNewAccounts(SyncSession& session);

/// After the records: tells it the rest (who was disabled here has then sent what is theirs), and takes over
/// what the server lists, if the feed named another state of it than the one that is here.
[[nodiscard]] Step<void> exchangeAccounts(SyncSession& session);

} // namespace yarrow::sync
