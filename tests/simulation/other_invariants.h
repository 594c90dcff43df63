// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/simulation/client.h"
#include "tests/simulation/world.h"

#include <memory>
#include <vector>

namespace yarrow::simulation {

/// 3 and 6 at a server that is not ours: what a workstation shows is what the server holds, but for the names
/// of records and for the tag by which new ones are recognised.
void checkEqualityElsewhere(World& world, Client& client);

/// 1 and 2 where nobody guards the server: what somebody wrote is not only in some version but in the present
/// one, in a conflict or with whoever wrote it, unless a person wrote the same element again or the record is
/// deleted. Not where the Sync Centre says that this cannot be promised.
void checkPresence(World& world, const std::vector<std::unique_ptr<Client>>& clients,
                   const std::vector<LocalState>& states);

} // namespace yarrow::simulation
