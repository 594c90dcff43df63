// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/merge/merge.h"

namespace yarrow::sync {

/// Settles by rule what needs nobody's decision: when two desks note at which time a patient arrived, went
/// into the room or was done, the earlier time stands. One that was taken out here and changed there stays in
/// dispute.
void settleStageTimes(const Json& base, const Json& mine, const Json& theirs, Merged& merged);

} // namespace yarrow::sync
