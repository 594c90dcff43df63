// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace yarrow::server::fhir {

/// What Reference.reference may be (R4, 2.3.0.1).
enum class ReferenceForm {
    Relative,    ///< Patient/7, Patient/7/_history/2
    Absolute,    ///< https://…, urn:uuid:…, urn:oid:…
    Fragment,    ///< #contained
    Conditional, ///< Patient?identifier=…: only bundles that are no transaction may bring it
    Malformed,
};

[[nodiscard]] ReferenceForm formOf(std::string_view reference) noexcept;

struct Reference
{
    std::string_view type;
    std::string_view id;

    [[nodiscard]] std::string text() const { return std::string(type) + '/' + std::string(id); }
};

/// The record referred to, by a relative reference or by a web address that ends in one. Nothing for all
/// others.
[[nodiscard]] std::optional<Reference> parseReference(std::string_view text) noexcept;

} // namespace yarrow::server::fhir
