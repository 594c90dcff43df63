// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/sync_session.h"
#include "sync/foreign/dialect.h"

namespace yarrow::sync {

/// Asks a FHIR server what it offers, and checks by test writes of a Basic resource, which it deletes again,
/// whether that is true, of a record's history too; where it keeps no Basic resources, what it says of itself
/// must do, and preconditions count as ignored. The name of that resource is kept with the link until the
/// dialect takes its place: when a probe is cut off, the next one deletes first what it has left.
[[nodiscard]] Step<Dialect> probe(SyncSession& session);

} // namespace yarrow::sync
