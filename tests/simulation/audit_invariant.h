// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/simulation/world.h"

namespace yarrow::simulation {

class Client;

inline constexpr int kAuditInvariant = 11;

/// The audit chain of a workstation, once all is quiet (kAuditInvariant): it holds together, and each of its
/// entries is at the server once. Of a workstation whose disk is its own and was never put back, the server
/// has the entries in their order under the one name it began with, and found nothing wrong with them:
/// neither a lost answer nor a power cut may look like a restored copy.
void checkAudit(World& world, Client& client);

} // namespace yarrow::simulation
