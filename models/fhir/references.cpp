// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/references.h"

#include "core/id.h"
#include "models/fhir/resource_types.h"

#include <algorithm>
#include <iterator>

namespace yarrow::fhir {
namespace {

constexpr std::string_view kHistory = "/_history/";

/// The elements at the top of a resource that put it into a patient's compartment, whatever its type.
constexpr std::string_view kPatientElements[] = {"subject",    "patient",    "beneficiary", "participant",
                                                 "actor",      "individual", "candidate",   "for",
                                                 "subscriber", "entity",     "target",      "link"};

/// Where in an item the reference stands; an item that is a Reference itself has it at the top.
constexpr std::string_view kPatientParts[] = {"actor", "what", "target"};

std::string_view patientIn(const Json& element) noexcept
{
    if (const auto id = referencedId(element["reference"].string(), "Patient"); !id.empty())
        return id;
    for (const std::string_view part : kPatientParts) {
        if (const auto id = referencedId(element[part]["reference"].string(), "Patient"); !id.empty())
            return id;
    }
    return {};
}

} // namespace

std::optional<Reference> parseReference(std::string_view text) noexcept
{
    if (const auto history = text.find(kHistory); history != std::string_view::npos) {
        if (!isFhirId(text.substr(history + kHistory.size())))
            return std::nullopt;
        text = text.substr(0, history);
    }
    const auto beforeId = text.rfind('/');
    if (beforeId == std::string_view::npos)
        return std::nullopt;
    const std::string_view id = text.substr(beforeId + 1);
    std::string_view type = text.substr(0, beforeId);
    if (const auto beforeType = type.rfind('/'); beforeType != std::string_view::npos) {
        const std::string_view base = type.substr(0, beforeType);
        const auto host = base.find("://");
        const bool isAddress = base.starts_with("http://") || base.starts_with("https://");
        if (!isAddress || base.size() == host + 3)
            return std::nullopt;
        type = type.substr(beforeType + 1);
    }
    if (!isResourceType(type) || !isFhirId(id))
        return std::nullopt;
    return Reference{type, id};
}

std::string_view referencedId(std::string_view reference, std::string_view type) noexcept
{
    const auto parsed = parseReference(reference);
    return parsed && parsed->type == type ? parsed->id : std::string_view();
}

std::string_view patientOf(const Json& document) noexcept
{
    if (document["resourceType"].string() == "Patient")
        return document["id"].string();
    for (const std::string_view name : kPatientElements) {
        const Json* element = document.find(name);
        if (element == nullptr)
            continue;
        if (element->isObject()) {
            if (const auto id = patientIn(*element); !id.empty())
                return id;
        }
        for (const Json& item : element->items()) {
            if (const auto id = patientIn(item); !id.empty())
                return id;
        }
    }
    return {};
}

} // namespace yarrow::fhir
