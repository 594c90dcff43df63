// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/role.h"
#include "server/db/connection.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace yarrow::server::records {

/// What a workstation compares its copy with: how many records are there, and the exclusive or over all of
/// them of the first 16 bytes of SHA-256("Type/id/versionId"). Order does not matter, and adding a record
/// twice takes it out again, so that it is kept up to date with every change.
struct Summary
{
    std::int64_t live = 0;
    std::array<std::uint8_t, 16> digest{};

    void add(std::string_view type, std::string_view id, std::string_view versionId);
    void remove(std::string_view type, std::string_view id, std::string_view versionId);
    /// Of two parts the summary of both.
    void merge(const Summary& other);
    [[nodiscard]] std::string hex() const; ///< of the digest, 32 digits, lower case

    friend bool operator==(const Summary&, const Summary&) = default;
};

/// By area, since a workstation's scope is a set of areas.
using AreaSummaries = std::map<Area, Summary>;

/// Under the clinic's lock: adds `changes` to what is kept.
void addToSummaries(db::Transaction& work, const AreaSummaries& changes);
/// Of all areas of `areas` together.
[[nodiscard]] Summary readSummary(db::Transaction& work, AreaSet areas);

} // namespace yarrow::server::records
