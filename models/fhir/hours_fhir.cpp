// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/hours_fhir.h"

#include "models/fhir/datatypes_fhir.h"
#include "models/fhir/list_items.h"

#include <algorithm>
#include <array>

namespace yarrow::fhir {
namespace {

constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr ElementOrder kBlockoutOrder = "id extension modifierExtension description during";
constexpr ElementOrder kPeriodOrder = "id extension start end";
constexpr std::string_view kClosed = "https://yarrow.example/fhir/StructureDefinition/closed";

const Instant kOpenStart{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}};
const Instant kOpenEnd{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};

/// A FHIR `time`: HH:MM:SS, perhaps with decimals. Invalid when it is none.
QTime parseTime(std::string_view text)
{
    const auto number = [text](std::size_t at) {
        const bool isNumber =
            text[at] >= '0' && text[at] <= '9' && text[at + 1] >= '0' && text[at + 1] <= '9';
        return isNumber ? (text[at] - '0') * 10 + (text[at + 1] - '0') : -1;
    };
    if (text.size() < 8 || text[2] != ':' || text[5] != ':' || (text.size() > 8 && text[8] != '.'))
        return {};
    return QTime(number(0), number(3), number(6));
}

std::string formatTime(QTime time)
{
    const auto twoDigits = [](int number) {
        return std::string{static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
    };
    return twoDigits(time.hour()) + ":" + twoDigits(time.minute()) + ":" + twoDigits(time.second());
}

/// What one element says. No days when it says nothing.
struct Entry
{
    std::vector<std::size_t> days;
    LocalRange range{QTime(0, 0), QTime(0, 0)};
};

Entry readEntry(const ElementView& element, const HoursElements& names)
{
    Entry entry;
    const bool allDay = element.boolean("allDay").value_or(false);
    const bool hasDays = element.has("daysOfWeek");
    if (!allDay && !hasDays && !element.has(names.from) && !element.has(names.until))
        return entry;

    for (const QString& name : element.texts("daysOfWeek")) {
        const auto day = std::find(kDays.begin(), kDays.end(), name.toStdString());
        if (day == kDays.end())
            element.refuse("daysOfWeek", "must be mon to sun");
        else
            entry.days.push_back(static_cast<std::size_t>(day - kDays.begin()));
    }
    if (!hasDays)
        entry.days = {0, 1, 2, 3, 4, 5, 6};

    const auto timeOf = [&](std::string_view name, QTime& time) {
        const std::string_view text = element.string(name);
        if (allDay || text.empty())
            return;
        time = parseTime(text);
        if (!time.isValid())
            element.refuse(name, "must be a time of day");
    };
    timeOf(names.from, entry.range.from);
    timeOf(names.until, entry.range.until);
    return entry;
}

/// The same for an element of a document that was read without complaint.
Entry entryOf(const Json& element, const HoursElements& names)
{
    Json wrapper = Json::object();
    wrapper.set("resourceType", Json("Location"));
    wrapper.set(names.list, Json(Json::Array{element}));
    Entry entry;
    ElementView(wrapper, "Location").forEach(names.list, [&](const ElementView& item) {
        entry = readEntry(item, names);
    });
    return entry;
}

/// Takes one range out of a day's; whether it was there.
bool takeOut(std::vector<LocalRange>& ranges, const LocalRange& range)
{
    const auto found = std::find(ranges.begin(), ranges.end(), range);
    if (found == ranges.end())
        return false;
    ranges.erase(found);
    return true;
}

Json makeDays(const std::vector<std::size_t>& days)
{
    Json list = Json::array();
    for (const std::size_t day : days)
        list.append(Json(kDays[day]));
    return list;
}

Json makeEntry(const HoursElements& names, const std::vector<std::size_t>& days, const LocalRange& range)
{
    Json entry = Json::object();
    entry.set("daysOfWeek", makeDays(days));
    if (range.from == QTime(0, 0) && range.until == QTime(0, 0)) {
        entry.set("allDay", Json(true));
        return entry;
    }
    entry.set(names.from, Json(formatTime(range.from)));
    if (range.until != QTime(0, 0))
        entry.set(names.until, Json(formatTime(range.until)));
    return entry;
}

} // namespace

WeeklyHours readHours(const ElementView& element, const HoursElements& names)
{
    WeeklyHours hours;
    element.forEach(names.list, [&](const ElementView& item) {
        const Entry entry = readEntry(item, names);
        for (const std::size_t day : entry.days)
            hours.days[day].push_back(entry.range);
    });
    for (auto& ranges : hours.days) {
        std::stable_sort(ranges.begin(), ranges.end(),
                         [](const LocalRange& a, const LocalRange& b) { return a.from < b.from; });
    }
    return hours;
}

void writeHours(Json& object, const HoursElements& names, const WeeklyHours& before, const WeeklyHours& after,
                ElementOrder order)
{
    if (before == after)
        return;
    WeeklyHours missing = after;
    Json entries = Json::array();
    for (const Json& old : object[names.list].items()) {
        const Entry entry = entryOf(old, names);
        std::vector<std::size_t> kept;
        for (const std::size_t day : entry.days) {
            if (takeOut(missing.days[day], entry.range))
                kept.push_back(day);
        }
        if (kept.empty() && !entry.days.empty())
            continue;
        Json& copy = entries.append(old);
        if (kept.size() < entry.days.size())
            copy.insert("daysOfWeek", makeDays(kept),
                        "allDay availableStartTime availableEndTime openingTime closingTime");
    }
    for (std::size_t day = 0; day < kDays.size(); ++day) {
        while (!missing.days[day].empty()) {
            const LocalRange range = missing.days[day].front();
            std::vector<std::size_t> days;
            for (std::size_t other = day; other < kDays.size(); ++other) {
                if (takeOut(missing.days[other], range))
                    days.push_back(other);
            }
            entries.append(makeEntry(names, days, range));
        }
    }
    if (entries.items().empty())
        drop(object, names.list);
    else
        put(object, names.list, std::move(entries), order);
}

namespace {

TimeRange readTimes(const ElementView& period)
{
    return {readDateTime(period, "start").value_or(kOpenStart),
            readPeriodEnd(period, "end").value_or(kOpenEnd)};
}

void writeTimes(Json& period, const TimeRange* before, const TimeRange& after)
{
    std::optional<Instant> start;
    std::optional<Instant> end;
    if (before != nullptr) {
        start = before->start;
        end = before->end;
    }
    writeDateTime(period, "start", start, after.start, kPeriodOrder);
    writeDateTime(period, "end", end, after.end, kPeriodOrder);
}

const auto kSameTime = [](const Blockout& a, const Blockout& b) { return a.when == b.when; };
const auto kSameReason = [](const Blockout& a, const Blockout& b) { return a.reason == b.reason; };

} // namespace

std::vector<Blockout> readBlockouts(const ElementView& element)
{
    std::vector<Blockout> blockouts;
    element.forEach("notAvailable", [&](const ElementView& item) {
        if (!item.has("during"))
            return;
        blockouts.push_back({readTimes(item.object("during")), item.text("description")});
    });
    return blockouts;
}

void writeBlockouts(Json& object, const std::vector<Blockout>& before, const std::vector<Blockout>& after,
                    ElementOrder order)
{
    std::vector<std::size_t> positions;
    for (std::size_t i = 0; i < object["notAvailable"].items().size(); ++i) {
        if (object["notAvailable"][i].contains("during"))
            positions.push_back(i);
    }
    writeItems(object, "notAvailable", order, before, after, positions,
               matchItems(before, after, kSameTime, kSameReason),
               [](const Blockout* old, const Blockout& blockout, Json& element) {
                   // FHIR demands a description; an empty one is not allowed.
                   const QString reason = blockout.reason.isEmpty() ? QStringLiteral("-") : blockout.reason;
                   if (!old || old->reason != blockout.reason)
                       put(element, "description", Json(reason.toStdString()), kBlockoutOrder);
                   Json* during = element.find("during");
                   if (during == nullptr || !during->isObject())
                       during = &put(element, "during", Json::object(), kBlockoutOrder);
                   writeTimes(*during, old ? &old->when : nullptr, blockout.when);
               });
}

std::vector<Blockout> readClosures(const ElementView& element)
{
    std::vector<Blockout> closures;
    element.forEach("extension", [&](const ElementView& item) {
        if (item.string("url") != kClosed)
            return;
        Blockout closure{{kOpenStart, kOpenEnd}, {}};
        item.forEach("extension", [&](const ElementView& part) {
            if (part.string("url") == "description")
                closure.reason = part.text("valueString");
            else if (part.string("url") == "during")
                closure.when = readTimes(part.object("valuePeriod"));
        });
        closures.push_back(std::move(closure));
    });
    return closures;
}

void writeClosures(Json& object, const std::vector<Blockout>& before, const std::vector<Blockout>& after,
                   ElementOrder order)
{
    std::vector<std::size_t> positions;
    const Json& extensions = object["extension"];
    for (std::size_t i = 0; i < extensions.items().size(); ++i) {
        if (extensions[i]["url"].string() == kClosed)
            positions.push_back(i);
    }
    writeItems(object, "extension", order, before, after, positions,
               matchItems(before, after, kSameTime, kSameReason),
               [](const Blockout* old, const Blockout& closure, Json& element) {
                   if (!old)
                       element.set("url", Json(kClosed));
                   if (closure.reason.isEmpty())
                       dropExtension(element, "description");
                   else if (!old || old->reason != closure.reason)
                       extensionAt(element, "description", "id extension url")
                           .set("valueString", Json(closure.reason.toStdString()));
                   writeTimes(extensionAt(element, "during", "id extension url").objectAt("valuePeriod"),
                              old ? &old->when : nullptr, closure.when);
               });
}

} // namespace yarrow::fhir
