// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/appointment_series.h"

#include "models/fhir/datatypes_fhir.h"

#include <algorithm>

namespace yarrow::fhir {
namespace {

constexpr std::string_view kSeries = "https://yarrow.example/fhir/appointment-series";
constexpr std::string_view kPlace = "https://yarrow.example/fhir/StructureDefinition/appointment-series";
constexpr std::string_view kRule = "rule";
constexpr std::string_view kPlanned = "planned";
constexpr ElementOrder kAppointmentOrder =
    "resourceType id meta implicitRules language text contained extension modifierExtension identifier "
    "status";
constexpr ElementOrder kExtensionOrder = "id extension url";

bool isSeries(const Json& identifier)
{
    return identifier["system"].string() == kSeries;
}

void writeIdentifier(Json& appointment, const std::string& series)
{
    Json identifier = Json::object();
    identifier.set("system", Json(kSeries));
    identifier.set("value", Json(series));
    Json* list = appointment.find("identifier");
    if (list == nullptr || !list->isArray())
        list = &put(appointment, "identifier", Json::array(), kAppointmentOrder);
    auto& items = list->mutableItems();
    const auto present = std::find_if(items.begin(), items.end(), isSeries);
    if (present == items.end())
        items.push_back(std::move(identifier));
    else
        *present = std::move(identifier);
}

} // namespace

std::optional<SeriesPlace> readSeriesPlace(const Json& appointment)
{
    const auto& identifiers = appointment["identifier"].items();
    const auto found = std::find_if(identifiers.begin(), identifiers.end(), isSeries);
    if (found == identifiers.end() || (*found)["value"].string().empty())
        return std::nullopt;
    SeriesPlace place;
    place.series = (*found)["value"].string();
    std::string_view planned = appointment["start"].string();
    if (const Json* extension = findExtension(appointment, kPlace)) {
        if (const Json* rule = findExtension(*extension, kRule))
            place.rule = (*rule)["valueString"].string();
        if (const Json* start = findExtension(*extension, kPlanned))
            planned = (*start)["valueInstant"].string();
    }
    place.planned = parseInstant(planned).value_or(Instant{});
    return place;
}

void writeSeriesPlace(Json& appointment, const std::optional<SeriesPlace>& before,
                      const std::optional<SeriesPlace>& after)
{
    if (before == after || !after)
        return;
    if (!before || before->series != after->series)
        writeIdentifier(appointment, after->series);
    Json& place = extensionAt(appointment, kPlace, kAppointmentOrder);
    if (!after->rule.empty())
        extensionAt(place, kRule, kExtensionOrder).set("valueString", Json(after->rule));
    extensionAt(place, kPlanned, kExtensionOrder).set("valueInstant", Json(formatInstant(after->planned)));
}

} // namespace yarrow::fhir
