// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/resource_area.h"

#include "models/fhir/references.h"

#include <algorithm>

namespace yarrow::fhir {
namespace {

bool isVitalSign(const Json& observation) noexcept
{
    for (const Json& category : observation["category"].items()) {
        const auto& codings = category["coding"].items();
        if (std::any_of(codings.begin(), codings.end(),
                        [](const Json& coding) { return coding["code"].string() == "vital-signs"; }))
            return true;
    }
    return false;
}

} // namespace

Area areaOf(const Json& document) noexcept
{
    const std::string_view type = document["resourceType"].string();
    if (type == "Observation" && isVitalSign(document))
        return Area::Vitals;
    if (type == "Device" && !document.contains("patient"))
        return Area::Directory;
    if (type == "Task") {
        if (const auto focus = parseReference(document["focus"]["reference"].string()))
            return yarrow::areaOf(focus->type);
        return yarrow::areaOf(document["focus"]["type"].string());
    }
    return yarrow::areaOf(type);
}

} // namespace yarrow::fhir
