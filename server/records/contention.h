// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace yarrow::server::records {

/// Something that only one record may have (a slot of a practitioner, a medical record number), wanted by an
/// entry of a bundle and wanted or held by another.
struct Contention
{
    /// What stands behind the claim of the other side.
    enum class Other {
        Wanted, ///< by the entry `otherEntry`, if that is accepted
        Held,   ///< by the record of `otherEntry`, if that entry is refused and the record stays as it is
        Stays,  ///< by a record that the bundle does not touch
    };

    std::size_t entry; ///< wants it
    Other other = Other::Stays;
    std::size_t otherEntry = 0;
    std::string otherRecord; ///< "Appointment/…", for the answer
};

/// Decides over the bundle's final state which entries are refused, with the record that stands in their way.
/// Of two entries that want the same the later one is refused. An entry that is refused leaves its record as
/// it was, which may stand in the way of another entry in turn. `refused` are entries that other rules have
/// refused already.
[[nodiscard]] std::map<std::size_t, std::string> settle(const std::vector<Contention>& contentions,
                                                        const std::vector<bool>& refused);

} // namespace yarrow::server::records
