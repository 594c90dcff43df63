// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/appointment_extensions.h"

#include "models/fhir/datatypes_fhir.h"
#include "models/fhir/references.h"

#include <algorithm>

namespace yarrow::fhir {
namespace {

constexpr std::string_view kWaitingWish = "https://yarrow.example/fhir/StructureDefinition/waiting-wish";
constexpr ElementOrder kAppointmentOrder =
    "resourceType id meta implicitRules language text contained extension modifierExtension identifier "
    "status";
constexpr ElementOrder kExtensionOrder = "id extension url";
constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::optional<Instant> readStage(const Json& extension, std::string_view name)
{
    const Json* found = findExtension(extension, name);
    if (found == nullptr)
        return std::nullopt;
    const auto instant = parseInstant((*found)["valueInstant"].string());
    if (!instant)
        return std::nullopt;
    return *instant;
}

void writeStage(Json& appointment, std::string_view name, const std::optional<Instant>& before,
                const std::optional<Instant>& after)
{
    if (before == after)
        return;
    Json& extension = extensionAt(appointment, kStageTimes, kAppointmentOrder);
    if (after)
        extensionAt(extension, name, kExtensionOrder).set("valueInstant", Json(formatInstant(*after)));
    else
        dropExtension(extension, name);
}

/// A complex extension must not be empty.
void dropIfEmpty(Json& appointment, std::string_view url)
{
    const Json* extension = findExtension(appointment, url);
    if (extension != nullptr && (*extension)["extension"].items().empty())
        dropExtension(appointment, url);
}

QTime readTime(const Json& extension, std::string_view name)
{
    const Json* found = findExtension(extension, name);
    if (found == nullptr)
        return {};
    return QTime::fromString(QString::fromStdString(std::string((*found)["valueTime"].string())),
                             QStringLiteral("HH:mm:ss"));
}

Json makePart(std::string_view name, std::string_view element, Json value)
{
    Json part = Json::object();
    part.set("url", Json(name));
    part.set(element, std::move(value));
    return part;
}

Json minutesOf(std::chrono::minutes length)
{
    Json duration = Json::object();
    duration.set("value", Json(std::int64_t(length.count())));
    duration.set("unit", Json("min"));
    duration.set("system", Json("http://unitsofmeasure.org"));
    duration.set("code", Json("min"));
    return duration;
}

/// The parts that Yarrow knows, in the order they are written in.
Json::Array wishParts(const WaitingWish& wish)
{
    Json::Array parts;
    for (const PractitionerId& practitioner : wish.practitioners)
        parts.push_back(
            makePart("practitioner", "valueReference", makeReference("Practitioner", practitioner.text())));
    for (std::size_t day = 0; day < kDays.size(); ++day)
        if (wish.weekdays[day])
            parts.push_back(makePart("weekday", "valueCode", Json(kDays[day])));
    const auto addTime = [&](std::string_view name, QTime time) {
        parts.push_back(
            makePart(name, "valueTime", Json(time.toString(QStringLiteral("HH:mm:ss")).toStdString())));
    };
    if (wish.times) {
        addTime("from", wish.times->from);
        addTime("until", wish.times->until);
    }
    if (wish.notice.count() > 0)
        parts.push_back(makePart("notice", "valueDuration", minutesOf(wish.notice)));
    return parts;
}

bool isKnownPart(const Json& part)
{
    const std::string_view url = part["url"].string();
    return url == "practitioner" || url == "weekday" || url == "from" || url == "until" || url == "notice";
}

} // namespace

StageTimes readStageTimes(const Json& appointment)
{
    const Json* extension = findExtension(appointment, kStageTimes);
    if (extension == nullptr)
        return {};
    return {readStage(*extension, "arrived"), readStage(*extension, "in-room"),
            readStage(*extension, "done")};
}

void writeStageTimes(Json& appointment, const StageTimes& before, const StageTimes& after)
{
    if (before == after)
        return;
    writeStage(appointment, "arrived", before.arrived, after.arrived);
    writeStage(appointment, "in-room", before.inRoom, after.inRoom);
    writeStage(appointment, "done", before.done, after.done);
    dropIfEmpty(appointment, kStageTimes);
}

WaitingWish readWaitingWish(const Json& appointment)
{
    WaitingWish wish;
    const Json* extension = findExtension(appointment, kWaitingWish);
    if (extension == nullptr)
        return wish;
    for (const Json& part : (*extension)["extension"].items()) {
        const std::string_view url = part["url"].string();
        if (url == "practitioner") {
            const auto id = referencedId(part["valueReference"]["reference"].string(), "Practitioner");
            if (!id.empty())
                wish.practitioners.push_back(PractitionerId::known(std::string(id)));
        } else if (url == "weekday") {
            const auto* const day = std::find(kDays.begin(), kDays.end(), part["valueCode"].string());
            if (day != kDays.end())
                wish.weekdays[static_cast<std::size_t>(day - kDays.begin())] = true;
        } else if (url == "notice") {
            const auto value = part["valueDuration"]["value"].integer();
            if (value && *value > 0 && *value <= 366 * 24 * 60)
                wish.notice = std::chrono::minutes(*value);
        }
    }
    const QTime from = readTime(*extension, "from");
    const QTime until = readTime(*extension, "until");
    if (from.isValid() && until.isValid())
        wish.times = LocalRange{from, until};
    return wish;
}

void writeWaitingWish(Json& appointment, const WaitingWish& before, const WaitingWish& after)
{
    Json::Array parts = wishParts(after);
    if (parts == wishParts(before))
        return;
    Json& extension = extensionAt(appointment, kWaitingWish, kAppointmentOrder);
    Json* list = extension.find("extension");
    if (list == nullptr || !list->isArray())
        list = &put(extension, "extension", Json::array(), kExtensionOrder);
    auto& items = list->mutableItems();
    std::erase_if(items, isKnownPart);
    items.insert(items.end(), std::make_move_iterator(parts.begin()), std::make_move_iterator(parts.end()));
    dropIfEmpty(appointment, kWaitingWish);
}

} // namespace yarrow::fhir
