// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/problem.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yarrow::server::fhir {

/// A search as its parameters say, checked; turned into SQL by server/records/search.h.
struct SearchQuery
{
    enum class Param {
        Id,
        LastUpdated,
        Identifier,
        Name,
        Family,
        Given,
        BirthDate,
        Phone,
        Patient,
        Actor,
        Date,
        Status
    };
    enum class Prefix {
        Equal,
        NotEqual,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual
    }; // of dates: eq ne lt le gt ge

    struct Value
    {
        /// Ids as they are; identifiers as IndexValues holds them, or without '\n' and what follows when any
        /// system will do; names and phones folded; patient an id; actor "Type/id"; dates empty.
        std::string text;
        bool exact = false; ///< of names: `:exact` (compares folded all the same)
        Prefix prefix = Prefix::Equal;
        std::string from; ///< of dates: the range named, UTC, [from, to)
        std::string to;
    };
    struct Condition
    {
        Param param;
        std::vector<Value> anyOf; ///< parted by commas in the query
    };
    struct Sort
    {
        enum class By { LastUpdated, Id, Date, Name } by = By::Id;
        bool descending = false;
    };

    std::string type;
    std::vector<Condition> all; ///< every one must hold
    Sort sort;                  ///< without _sort: by _lastUpdated where that is searched for, else by id
    int count = 50;             ///< 0: only the total
    bool total = false;         ///< _total=accurate or _summary=count
    std::string page;           ///< opaque, of our own next links
    /// Parameters that were unknown and left out, because the caller asked for `Prefer: handling=lenient`;
    /// reported in the answer.
    std::vector<std::string> ignored;
};

inline constexpr int kMaxCount = 1000; ///< a larger _count counts as this
inline constexpr int kMaxValues = 500; ///< of all conditions together

/// Parameters as parseForm() gives them. An unknown parameter, modifier or value is refused with 400
/// `unknown-parameter` / `bad-parameter`, the parameter named; with `lenient`, unknown parameters are listed
/// instead. `name`, `family`, `given`, `phone` and `birthdate` exist for people, `actor` for Appointment,
/// `patient`, `date` and `status` for the types that have one. `patient` takes an id or "Patient/id";
/// `subject` is the same.
[[nodiscard]] Result<SearchQuery>
parseSearch(std::string_view type, const std::vector<std::pair<std::string, std::string>>& parameters,
            bool lenient);

/// The names parseSearch() knows for a type, for the CapabilityStatement: (name, FHIR search parameter type).
[[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>>
searchParametersOf(std::string_view type);

} // namespace yarrow::server::fhir
