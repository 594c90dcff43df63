// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

/// What makes an element of a FHIR document the same element in another version of it.
namespace yarrow::fhir {

/// The element that a member of an object is part of: members of one element change together.
struct ElementName
{
    enum class Kind {
        Plain,  ///< the member itself, with its extensions: `birthDate` is `birthDate` and `_birthDate`
        Choice, ///< `deceased[x]` is `deceasedBoolean` or `deceasedDateTime`
        Group,  ///< members that only make sense together: `start,end,status,participant`
    };
    Kind kind;
    std::string_view text; ///< as shown above; lives as long as the member's name
    bool operator==(const ElementName&) const = default;
};

/// `resourceType` is the type of the resource that `member` stands at the top of, empty further inside.
[[nodiscard]] ElementName elementOf(std::string_view resourceType, std::string_view member) noexcept;

/// `birthDate` for `_birthDate`, which holds its extensions; any other name as it is.
[[nodiscard]] std::string_view extendedBy(std::string_view member) noexcept;

/// `deceased[x]` for `deceasedBoolean` and `_deceasedBoolean`; empty for what is no choice element of R4.
[[nodiscard]] std::string_view choiceOf(std::string_view member) noexcept;

/// Whether versions of an object make sense only as a whole, because its members say one thing together:
/// datatypes such as Period, Quantity, CodeableConcept, Reference, Identifier and Address, and the people and
/// certificates of `contact` and `qualification`. FHIR names no type in a document, so it is told by the
/// element's name and the members that the versions have.
[[nodiscard]] bool isWhole(std::string_view name, std::span<const Json* const> versions) noexcept;

/// What identifies an item of the list `list`: `id=7`, `system=phone,use=mobile`,
/// `actor=Practitioner/7`. Never made from what is edited in place, such as a telephone number; so items of
/// one list may share a key, also the empty one. A comma, bracket or backslash in a value has a backslash in
/// front. Nothing when items of such a list cannot be told apart.
[[nodiscard]] std::optional<std::string> itemKey(std::string_view list, const Json& item);

} // namespace yarrow::fhir
