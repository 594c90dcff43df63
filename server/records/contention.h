// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace yarrow::server::records {

/// Something that only one record may have at a time, a medical record number or the time of a practitioner:
/// wanted by an entry of a bundle, or held by the record that the entry changes.
struct Claim
{
    std::size_t entry = 0;
    std::string what;
    std::int64_t from = 0; ///< [from, to); what has no time is claimed for [0, 1)
    std::int64_t to = 1;
};

struct Claims
{
    std::vector<Claim> wanted = {};
    /// Given up when the entry is accepted, kept when it is refused. No two of them overlap.
    std::vector<Claim> held = {};
    /// Of an entry, a record that the bundle does not touch and that has what the entry wants.
    std::map<std::size_t, std::string> standing = {};
};

/// Decides over the bundle's final state which entries are refused, with the record that stands in their way.
/// Of two entries that want the same the later one is refused. An entry that is refused leaves its record as
/// it was, which may stand in the way of another entry in turn; one that has lost to a record that stays
/// takes nothing from another entry. `records` are the names of the entries' records.
[[nodiscard]] std::map<std::size_t, std::string> settle(const Claims& claims,
                                                        const std::vector<std::string>& records);

} // namespace yarrow::server::records
