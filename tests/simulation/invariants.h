// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/simulation/world.h"

#include <memory>
#include <string>
#include <vector>

namespace yarrow::simulation {

class Client;

/// "1: every acknowledged local edit …"
[[nodiscard]] std::string invariantName(int number);

/// What must hold of a workstation at any moment between two transactions: 5 (the cursor) and 8 (own writes,
/// no way back in time).
void observe(World& world, Client& client);

/// What must hold of everything once all is quiet: 1, 3, 4, 6, 7, 9, the audit (11), and that
/// nothing is left half done (10).
void checkAll(World& world, const std::vector<std::unique_ptr<Client>>& clients);

} // namespace yarrow::simulation
