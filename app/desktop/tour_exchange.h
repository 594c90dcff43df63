// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/clinic.h"

namespace yarrow {

/// Lives a morning of the demo clinic with its server: what people change goes through their commands, what
/// the server answers through the exchange's own functions; only the wire is left out. Afterwards there are
/// conflicts to decide, a booking that was taken, changes the server refused and changes that wait. Whether
/// all of it came about.
[[nodiscard]] bool makeTourExchange(const Profile& profile, const StoreEnvironment& environment);

} // namespace yarrow
