// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/simulation/client.h"
#include "tests/simulation/world.h"

#include <string>

namespace yarrow::simulation {

// What people do with families, as whoever is signed in; nothing when there is nothing to do it to, or the
// role does not allow it. The tokens of a relation are its id, and its name in the other patient's document.

/// Relates two patients: a RelatedPerson, and the other patient's link to it, as one unit.
void relate(World& world, Client& client, const std::string& patient, const std::string& relative, Dice dice);
/// Adds somebody who is no patient to the patient's family.
void addContact(World& world, Client& client, const std::string& patient, Dice dice);
/// Takes somebody out of a family, or puts them back.
void takeOutOrPutBack(World& world, Client& client, const std::string& related);

} // namespace yarrow::simulation
