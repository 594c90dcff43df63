// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "models/domain/patient.h"
#include "models/fhir/elements.h"
#include "models/fhir/references.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// FHIR's data types that several resources share.
namespace yarrow::fhir {

[[nodiscard]] HumanName readHumanName(const ElementView& element);
[[nodiscard]] ContactPoint readContactPoint(const ElementView& element);
[[nodiscard]] PostalAddress readAddress(const ElementView& element);
[[nodiscard]] Identifier readIdentifier(const ElementView& element);
[[nodiscard]] Sex readSex(const ElementView& element); ///< its `gender`

// Lists of them, as the element `name` of a resource. Elements are matched with those they were read from:
// equal ones, then by what they say, then by use (and system).
void writeHumanNames(Json& object, const std::vector<HumanName>& before, const std::vector<HumanName>& after,
                     ElementOrder order);
void writeContactPoints(Json& object, const std::vector<ContactPoint>& before,
                        const std::vector<ContactPoint>& after, ElementOrder order);
void writeAddresses(Json& object, const std::vector<PostalAddress>& before,
                    const std::vector<PostalAddress>& after, ElementOrder order);
void writeIdentifiers(Json& object, const std::vector<Identifier>& before,
                      const std::vector<Identifier>& after, ElementOrder order);
void writeSex(Json& object, Sex before, Sex after, ElementOrder order);

/// An instant of a `dateTime` or a `date`, the latter as the start of that day, month or year in UTC; nothing
/// when it is absent. Refuses what is neither.
[[nodiscard]] std::optional<Instant> readDateTime(const ElementView& element, std::string_view name);
/// The end of a Period: as above, but a date stands for its last moment, which is included.
[[nodiscard]] std::optional<Instant> readPeriodEnd(const ElementView& element, std::string_view name);
void writeDateTime(Json& object, std::string_view name, std::optional<Instant> before,
                   std::optional<Instant> after, ElementOrder order);

/// The extension of that URL; nullptr when there is none.
[[nodiscard]] const Json* findExtension(const Json& object, std::string_view url) noexcept;
/// The same, made when it is missing.
Json& extensionAt(Json& object, std::string_view url, ElementOrder order);
/// Removes it, and the list with its last item.
void dropExtension(Json& object, std::string_view url);

[[nodiscard]] Json makeReference(std::string_view type, std::string_view id);
[[nodiscard]] Json makeCoding(std::string_view system, std::string_view code);

/// Where a list refers to resources of one type, and to which. Items that refer to something else are not
/// listed.
struct ReferenceList
{
    std::vector<std::string> ids;
    std::vector<std::size_t> positions;
};
/// `reference` gives the reference text of an item.
[[nodiscard]] ReferenceList readReferences(const Json& list, std::string_view type,
                                           std::string_view (*reference)(const Json& item));

} // namespace yarrow::fhir
