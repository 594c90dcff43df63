// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "tests/simulation/client.h"
#include "tests/simulation/world.h"

#include <string>
#include <vector>

namespace yarrow::simulation {

/// Who works in the simulated clinic.
[[nodiscard]] std::vector<Person> staff();

/// What the server holds before anybody works: few records, so that people meet.
/// And `rooms` more, which nobody changes.
void furnish(World& world, int rooms);

/// What people can do at a workstation; see the names in users.cpp.
[[nodiscard]] const std::vector<std::string>& deeds();

/// Does it as whoever is signed in, on what this workstation shows, and tells the oracle what the store
/// acknowledged. Nothing when there is nothing to do it to, or the role does not allow it.
void act(World& world, Client& client, const std::string& deed, Dice dice);

} // namespace yarrow::simulation
