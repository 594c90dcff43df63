// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace yarrow::fhir {

// The path of an element, as disputes and conflicts name it. Segments are parted by dots:
//   birthDate            a member
//   telecom[KEY]         the item of a list that fhir::itemKey() names so; the first of several
//   telecom[KEY,*]       all items with that key; their value is a list. The last segment
//   deceased[x]          a choice element: its members, as an object. The last segment
//   {start,end,value[x]} a group: its members with their extensions (`_start`), as an object. The last
//   segment
// A backslash takes the meaning from the character behind it; `\e` is the empty name.

struct PathSegment
{
    enum class Kind {
        Member,
        Item,
        Items,  ///< all items with the key
        Members ///< a choice element or a group
    };
    Kind kind = Kind::Member;
    std::string name;                  ///< of Member, Item and Items, as it is in the document
    std::string key;                   ///< of Item and Items, as itemKey() has it
    std::vector<std::string> elements; ///< of Members: the names in the group, as they are in the path
    bool operator==(const PathSegment&) const = default;
};

/// A member's name as a path has it.
[[nodiscard]] std::string pathName(std::string_view member);

/// The segments; none for the empty path, the whole document. InvalidArgument with the position in the path.
[[nodiscard]] Result<std::vector<PathSegment>> parsePath(std::string_view path);

/// Whether the member is one of the elements of a segment of that kind.
[[nodiscard]] bool hasMember(const PathSegment& members, std::string_view member);

} // namespace yarrow::fhir
