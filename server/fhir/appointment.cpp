// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/appointment.h"

#include "server/fhir/reference.h"
#include "server/fhir/resource_types.h"
#include "server/fhir/time_range.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace yarrow::server::fhir {
namespace {

constexpr std::string_view kHoldsSlot = "booked arrived checked-in";
constexpr std::string_view kMayLackTimes = "proposed pending waitlist cancelled";
constexpr std::string_view kSlotActors = "Practitioner Location Device";
constexpr std::string_view kOverbookReason =
    "https://yarrow.example/fhir/StructureDefinition/overbook-reason";
constexpr std::int64_t kLongestMinutes = 366 * 24 * 60;
constexpr std::int64_t kMicrosPerMinute = 60'000'000;

struct Times
{
    std::optional<std::int64_t> start; ///< microseconds since 1970
    std::optional<std::int64_t> end;
};

Result<std::optional<std::int64_t>> readInstant(JsonView appointment, std::string_view name)
{
    const JsonView value = appointment[name];
    if (!value.exists())
        return std::optional<std::int64_t>();
    const auto time = parseTime(value.string());
    const bool isInstant = time && time->hasTime && time->hasZone;
    if (!isInstant || timeText(time->from).ends_with("infinity"))
        return refuse(422, "bad-date", "An appointment's times must be instants with a time zone.",
                      "Appointment." + std::string(name));
    return std::optional<std::int64_t>(time->from);
}

std::int64_t minutesOf(JsonView appointment)
{
    const std::string_view raw = appointment["minutesDuration"].raw();
    std::int64_t minutes = 0;
    const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), minutes);
    const bool isWhole = error == std::errc() && end == raw.data() + raw.size();
    return isWhole && minutes <= kLongestMinutes ? minutes : 0;
}

Result<Times> readTimes(JsonView appointment, std::string_view status)
{
    const auto start = readInstant(appointment, "start");
    if (!start)
        return tl::unexpected(start.error());
    const auto end = readInstant(appointment, "end");
    if (!end)
        return tl::unexpected(end.error());
    Times times{*start, *end};
    if (const std::int64_t minutes = minutesOf(appointment); times.start && !times.end && minutes > 0)
        times.end = *times.start + minutes * kMicrosPerMinute;

    if (times.start && times.end && *times.end <= *times.start)
        return refuse(422, "appointment-ends-before-start", "The appointment must end after it starts.",
                      "Appointment.end");
    if (times.start && times.end && *times.end - *times.start > kLongestMinutes * kMicrosPerMinute)
        return refuse(422, "appointment-too-long", "An appointment lasts at most 366 days.",
                      "Appointment.end");
    if (times.end && timeText(*times.end).ends_with("infinity"))
        return refuse(422, "bad-date", "The appointment must end before the year 10000.", "Appointment.end");
    if (hasWord(kMayLackTimes, status))
        return times;
    if (!times.start)
        return refuse(422, "appointment-without-start", "An appointment of this status needs a start.",
                      "Appointment.start");
    if (!times.end)
        return refuse(422, "appointment-without-end",
                      "An appointment of this status needs an end or its length in minutes.",
                      "Appointment.end");
    return times;
}

bool isOverbooked(JsonView appointment)
{
    const auto extensions = appointment["extension"].items();
    return std::any_of(extensions.begin(), extensions.end(), [](JsonView extension) {
        return extension["url"].says(kOverbookReason) && !extension["valueString"].string().empty();
    });
}

} // namespace

Result<void> indexAppointment(JsonView appointment, IndexValues& index)
{
    const std::string status = appointment["status"].string();
    const auto times = readTimes(appointment, status);
    if (!times)
        return tl::unexpected(times.error());
    if (times->start) {
        index.dateFrom = timeText(*times->start);
        index.dateTo = timeText(times->end ? *times->end : *times->start + kMicrosPerMinute);
    }

    std::set<std::string> actors;
    std::set<std::string> patients;
    std::set<std::string> held;
    for (const JsonView participant : appointment["participant"].items()) {
        const std::string text = participant["actor"]["reference"].string();
        const auto actor = parseReference(text);
        if (!actor)
            continue;
        actors.insert(actor->text());
        if (actor->type == "Patient")
            patients.emplace(actor->id);
        if (hasWord(kSlotActors, actor->type) && !participant["status"].says("declined"))
            held.insert(actor->text());
    }
    for (const std::string& actor : actors)
        index.values.emplace_back("actor", actor);
    if (patients.size() == 1)
        index.patient = *patients.begin();
    if (hasWord(kHoldsSlot, status) && !isOverbooked(appointment) && !held.empty())
        index.slot = HeldSlot{timeText(*times->start), timeText(*times->end), {held.begin(), held.end()}};
    return {};
}

} // namespace yarrow::server::fhir
