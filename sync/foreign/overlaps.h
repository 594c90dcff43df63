// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/sync_session.h"

#include <string>
#include <vector>

namespace yarrow::sync {

/// yarrow-server refuses a second booking of the same practitioner, room or device; other servers take it. So
/// every workstation looks for overlaps among the appointments that came with a pull, by the same rule, and
/// finds the same: of two that hold the same time, and of which none is an overbooking, the one that the
/// server stored later (by lastUpdated, then by id) goes to the inbox. Its id is made of both, so that it is
/// there once, whoever finds it first; nothing is changed until a person decides.
///
/// `appointments` are ids. How many conflicts were opened.
[[nodiscard]] int openOverlaps(SyncSession& session, const std::vector<std::string>& appointments);

} // namespace yarrow::sync
