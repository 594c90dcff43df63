// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/sync_session.h"

namespace yarrow::sync {

/// yarrow-server refuses a second booking of the same practitioner, room or device; other servers take it. So
/// every workstation looks for overlaps among the appointments that came with a pull or were acknowledged, by
/// the same rule, and finds the same: of two that hold the same time, and of which none is an overbooking,
/// the one that the server stored later (by lastUpdated, then by id) goes to the inbox. Its id is made of
/// both, so that it is there once, whoever finds it first; nothing is changed until a person decides.
///
/// Compares what outbox::bookingsToCompare() names, when the appointments have been read to the end: of one
/// that was moved away, the older time may come first. How many conflicts were opened.
[[nodiscard]] int openOverlaps(SyncSession& session);

} // namespace yarrow::sync
