// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/db/connection.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace yarrow {

/// What this workstation knows the server to hold: how many records, and the exclusive or over all of them of
/// the first 16 bytes of SHA-256("Type/id/versionId"). The server says the same of itself with each page of
/// its feed; order does not matter, and what is added twice is taken out again.
struct FeedSummary
{
    std::int64_t live = 0;
    std::array<std::uint8_t, 16> digest{};

    void add(std::string_view type, std::string_view id, std::string_view versionId);
    void remove(std::string_view type, std::string_view id, std::string_view versionId);
    [[nodiscard]] std::string hex() const; ///< of the digest, 32 digits, lower case
    bool operator==(const FeedSummary&) const = default;

    [[nodiscard]] static FeedSummary read(Connection& connection);
    /// Counted anew over all records; reads the whole table.
    [[nodiscard]] static FeedSummary recount(Connection& connection);
    void write(Connection& connection) const;

private:
    void toggle(std::string_view type, std::string_view id, std::string_view versionId);
};

} // namespace yarrow
