// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/transport/transport.h"
#include "tests/simulation/world.h"

#include <map>
#include <string>

namespace yarrow::simulation {

class Client;

/// The request as a client with the planted bug would have sent it. `sent` counts the client's operations.
[[nodiscard]] sync::HttpRequest spoiled(sync::HttpRequest request, PlantedBug bug, const Person& signedIn,
                                        std::map<std::string, int>& sent);

/// PlantedBug::CursorBeforePage: what the feed's answer says is where the client's checkpoint stands at once.
void saveCursorOf(const sync::HttpResponse& page, Client& client);

} // namespace yarrow::simulation
