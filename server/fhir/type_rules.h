// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace yarrow::server::fhir {

/// What is asked of the documents of a type, and taken from them. Lists are words parted by single spaces; an
/// element that may be of several types stands as in FHIR: "effective[x]".
struct TypeRules
{
    std::string_view type;
    std::string_view required; ///< elements that must be there
    std::string_view status;   ///< what `status` may be; empty: the type has no such element
    std::string_view dates;    ///< elements that may be the date of the type, the better first
    std::string_view patient;  ///< the element that says which patient it is about
};

/// Of a type nobody listed all lists are empty: nothing is required.
[[nodiscard]] const TypeRules& rulesOf(std::string_view type) noexcept;

/// A code from a value set with a required binding, besides `status`.
struct CodeRule
{
    std::string_view type;
    std::string_view element; ///< at the top, or "list.element" for each item of a list
    std::string_view codes;
    std::string_view system = {}; ///< of a CodeableConcept: its codings of this system are looked at
};

[[nodiscard]] std::span<const CodeRule> codeRulesOf(std::string_view type) noexcept;

/// Patient, Practitioner, RelatedPerson, Person: they have names, telecoms and a birth date.
[[nodiscard]] bool isPerson(std::string_view type) noexcept;

} // namespace yarrow::server::fhir
