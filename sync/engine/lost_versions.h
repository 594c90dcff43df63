// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/role.h"
#include "sync/engine/sync_session.h"
#include "sync/protocol/feed_page.h"

#include <optional>
#include <string>

namespace yarrow::sync {

/// In whose name a version is offered that a restored server has lost: account id. That is who made it, as
/// the server said when it still had it, if that person may do so today; somebody this workstation does not
/// know is for the server to judge. Where nobody is known (the version came in an export) or the person may
/// do it no more, somebody stands in whose role may: who enrolled this workstation, or the first who does.
[[nodiscard]] std::string offeringAuthor(SyncSession& session, const SyncRecord& lost, Operation operation);

/// Whether the version says what a record has here (nothing: it is deleted). Somebody else may have offered
/// again what was lost, and what happened to it since, its deletion too, was done knowingly.
[[nodiscard]] bool saysThat(const FeedEntry& entry, const std::optional<std::string>& document);

/// The version of a history that `lost`, a versionId, was made after: the newest of its epoch before it.
[[nodiscard]] std::optional<std::string> ancestorOf(const FeedPage& history, const std::string& lost);

} // namespace yarrow::sync
