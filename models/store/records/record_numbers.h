// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/db/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The medical record numbers that this workstation may give, and who waits for one. Numbers are leased in
/// blocks: of yarrow-server, or of itself where the clinic has no server. A block leased of a server is good
/// for one incarnation only (audit/incarnation.h): of two copies of a workstation one has lost it. At another
/// FHIR server numbers are that server's affair, and none is given here. All throw SQLite::Exception like the
/// rest of the store inside; those that write do so in a transaction of the caller's.
namespace yarrow::record_numbers {

/// Whether patients registered here get a number from here at all.
[[nodiscard]] bool areGiven(Connection& connection);
/// The next number that no patient has. Nothing when the leased ones are used up.
[[nodiscard]] std::optional<std::string> draw(Connection& connection);

/// How many can be drawn, counted up to `atMost`. Writes: numbers that somebody has are passed over.
[[nodiscard]] std::int64_t countFree(Connection& connection, std::int64_t atMost);
/// A block that the server has leased to this workstation, both ends included.
void addBlock(Connection& connection, std::int64_t first, std::int64_t last);
/// What a server has leased is not used any more.
void discardBlocks(Connection& connection);

/// A patient who has no number, or one that the server refused.
struct Due
{
    std::string patient; ///< FHIR id
    std::string account; ///< of who registered them
    bool operator==(const Due&) const = default;
};
void noteDue(Connection& connection, const Due& due);
[[nodiscard]] std::vector<Due> due(Connection& connection); ///< by patient
void settled(Connection& connection, const std::string& patient);

} // namespace yarrow::record_numbers
