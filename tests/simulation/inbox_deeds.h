// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/simulation/client.h"
#include "tests/simulation/world.h"

namespace yarrow::simulation {

// What people do in the inbox and in the Sync Centre, as whoever is signed in; nothing when there is nothing
// to do, or the role does not allow it.

/// Settles an open conflict: some elements as mine, some as theirs.
void settleConflict(World& world, Client& client, Dice dice);
/// Takes the last settlement of this workstation back.
void undoSettlement(World& world, Client& client);
/// Has what the server refused sent once more.
void retryRefused(World& world, Client& client);
/// Gives up the edits of a record that the server refused.
void discardRefused(World& world, Client& client, Dice dice);

} // namespace yarrow::simulation
