// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

#include <optional>
#include <string>
#include <string_view>

namespace yarrow::fhir {

/// What a reference names. Views into the text it was parsed from.
struct Reference
{
    std::string_view type; ///< a resource type of R4
    std::string_view id;   ///< a FHIR id
    bool operator==(const Reference&) const = default;
};

/// Reads `Type/id`, relative or behind an http(s) address, with or without `/_history/version`. Nothing for
/// anything else: `urn:uuid:…`, contained `#…`, conditional `Type?…`.
[[nodiscard]] std::optional<Reference> parseReference(std::string_view text) noexcept;

/// The id of `Type/id` when it names that type; empty otherwise.
[[nodiscard]] std::string_view referencedId(std::string_view reference, std::string_view type) noexcept;

/// The id of the patient a document belongs to, after the Patient compartment of R4: a Patient's own, else
/// that of the first patient among subject, patient, beneficiary, participants… Empty when there is none. A
/// view into the document.
[[nodiscard]] std::string_view patientOf(const Json& document) noexcept;

/// Calls `visit(std::string& reference)` for the text of every Reference in the document, contained resources
/// and extensions included, and takes over what it made of it.
template <class Visit>
void forEachReference(Json& document, Visit&& visit)
{
    // One buffer serves all: only a reference that changes costs an allocation.
    std::string text;
    const auto walk = [&](auto&& self, Json& value) -> void {
        if (value.isArray()) {
            for (Json& item : value.mutableItems())
                self(self, item);
        } else if (value.isObject()) {
            for (Json::Member& member : value.mutableMembers()) {
                if (member.name != "reference" || !member.value.isString()) {
                    self(self, member.value);
                    continue;
                }
                text.assign(member.value.string());
                visit(text);
                if (text != member.value.string())
                    member.value = Json(std::string_view(text));
            }
        }
    };
    walk(walk, document);
}

} // namespace yarrow::fhir
