// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/conflict_item.h"
#include "models/items/exchange_item.h"
#include "models/store/commands/conflict_commands.h"
#include "models/store/commands/exchange_commands.h"

namespace yarrow {

// What the store gives, as the screens have it.

[[nodiscard]] RecordSubject subjectOf(const RecordTitle& title);
[[nodiscard]] ConflictRow rowOf(const Conflict& conflict, const RecordTitle& title, bool isMine,
                                bool maySettle);
[[nodiscard]] ConflictDetails detailsOf(ShownConflict shown);
[[nodiscard]] WaitingRows rowsOf(const WaitingList& list);
[[nodiscard]] ExchangeRow rowOf(const outbox::Exchange& exchange);
[[nodiscard]] std::vector<Conflict::Choice> choicesOf(const std::vector<ConflictChoice>& choices);

} // namespace yarrow
