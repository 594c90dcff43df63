// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/opening_hours.h"
#include "models/fhir/datatypes_fhir.h"

namespace yarrow::fhir {
namespace {

/// What a `date` or `dateTime` covers: a moment, or all of a day, a month or a year.
std::optional<TimeRange> readSpan(const ElementView& element, std::string_view name)
{
    const std::string_view text = element.string(name);
    if (text.empty())
        return std::nullopt;
    if (text.find('T') == std::string_view::npos) {
        if (const auto date = PartialDate::parse(text)) {
            const QTimeZone utc = QTimeZone::utc();
            return TimeRange{localDay(date->earliest(), utc).start, localDay(date->latest(), utc).end};
        }
    } else if (const auto instant = parseInstant(text)) {
        return TimeRange{*instant, *instant};
    }
    element.refuse(name, "must be a date or a time with its zone");
    return std::nullopt;
}

} // namespace

std::optional<Instant> readDateTime(const ElementView& element, std::string_view name)
{
    const auto span = readSpan(element, name);
    return span ? std::optional(span->start) : std::nullopt;
}

std::optional<Instant> readPeriodEnd(const ElementView& element, std::string_view name)
{
    const auto span = readSpan(element, name);
    return span ? std::optional(span->end) : std::nullopt;
}

void writeDateTime(Json& object, std::string_view name, std::optional<Instant> before,
                   std::optional<Instant> after, ElementOrder order)
{
    if (before == after)
        return;
    if (after)
        put(object, name, Json(formatInstant(*after)), order);
    else
        drop(object, name);
}

} // namespace yarrow::fhir
