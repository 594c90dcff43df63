// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/index_values.h"

#include "server/fhir/appointment.h"
#include "server/fhir/reference.h"
#include "server/fhir/resource_types.h"
#include "server/fhir/time_range.h"
#include "server/fhir/type_rules.h"

#include <algorithm>
#include <array>

namespace yarrow::server::fhir {
namespace {

constexpr std::string_view kIdentifierTypes = "http://terminology.hl7.org/CodeSystem/v2-0203";
constexpr std::string_view kDuplicate = "https://yarrow.example/fhir/CodeSystem/duplicate";
constexpr std::string_view kDuplicatePart = "https://yarrow.example/fhir/CodeSystem/duplicate-part";

/// Calls `take` with each string of a list, or with the one that stands without a list.
template <class Take>
void forEachText(JsonView value, Take take)
{
    if (value.isString())
        take(value.string());
    for (const JsonView item : value.items()) {
        if (item.isString())
            take(item.string());
    }
}

/// The same with objects.
template <class Take>
void forEachObject(JsonView value, Take take)
{
    if (value.isObject())
        take(value);
    for (const JsonView item : value.items()) {
        if (item.isObject())
            take(item);
    }
}

class Indexer
{
public:
    Indexer(std::string_view type, JsonView resource)
        : m_type(type)
        , m_resource(resource)
        , m_rules(rulesOf(type))
    {}

    Result<IndexValues> run()
    {
        if (!m_rules.status.empty() && m_resource["status"].isString())
            m_index.status = indexText(m_resource["status"].string());
        if (m_type == "Appointment") {
            if (auto done = indexAppointment(m_resource, m_index); !done)
                return tl::unexpected(std::move(done.error()));
        } else {
            if (auto done = takeDate(); !done)
                return tl::unexpected(std::move(done.error()));
            takePatient();
        }
        if (const JsonView died = m_resource["deceasedDateTime"]; m_type == "Patient" && died.exists()) {
            if (auto time = readTime(died, "deceasedDateTime"); !time)
                return tl::unexpected(std::move(time.error()));
        }
        takeIdentifiers();
        if (isPerson(m_type))
            takePerson();
        else if (hasWord("Organization Location HealthcareService", m_type))
            add("name", fold(m_resource["name"].string()));
        std::sort(m_index.values.begin(), m_index.values.end());
        m_index.values.erase(std::unique(m_index.values.begin(), m_index.values.end()), m_index.values.end());
        return std::move(m_index);
    }

private:
    void add(std::string_view param, std::string value)
    {
        value = indexText(std::move(value));
        if (!value.empty())
            m_index.values.emplace_back(param, std::move(value));
    }

    // ---- the date

    Result<TimeRange> readTime(JsonView value, const std::string& element) const
    {
        const auto time = parseTime(value.string());
        if (!time)
            return refuse(422, "bad-date", "The value is no FHIR date or time.",
                          std::string(m_type) + '.' + element);
        return *time;
    }

    void setDate(std::string from, std::string to)
    {
        if (m_index.dateFrom)
            return;
        m_index.dateFrom = std::move(from);
        m_index.dateTo = std::move(to);
    }

    Result<void> takeTime(JsonView value, const std::string& element)
    {
        const auto time = readTime(value, element);
        if (!time)
            return tl::unexpected(time.error());
        if (element == "birthDate" && time->hasTime)
            return refuse(422, "bad-date", "A birth date has no time.", std::string(m_type) + ".birthDate");
        setDate(timeText(time->from), timeText(time->to));
        return {};
    }

    Result<void> takePeriod(JsonView start, JsonView end, const std::string& startName,
                            const std::string& endName)
    {
        std::string from = "-infinity";
        std::string to = "infinity";
        if (start.exists()) {
            const auto time = readTime(start, startName);
            if (!time)
                return tl::unexpected(time.error());
            from = timeText(time->from);
        }
        if (end.exists()) {
            const auto time = readTime(end, endName);
            if (!time)
                return tl::unexpected(time.error());
            to = timeText(time->to);
        }
        if (start.exists() || end.exists())
            setDate(std::move(from), std::move(to));
        return {};
    }

    /// Every date that may be the one of the type is read, so that none of them is wrong; the first one
    /// counts.
    Result<void> takeDate()
    {
        std::string_view left = m_rules.dates;
        while (!left.empty()) {
            if (auto done = takeElement(nextWord(left)); !done)
                return done;
        }
        return {};
    }

    Result<void> takeElement(std::string_view element)
    {
        constexpr std::string_view kChoice = "[x]";
        if (!element.ends_with(kChoice))
            return takeValue(std::string(element));
        element.remove_suffix(kChoice.size());
        constexpr std::array<std::string_view, 4> kKinds{"DateTime", "Period", "Instant", "Date"};
        for (const std::string_view kind : kKinds) {
            if (auto done = takeValue(std::string(element) + std::string(kind)); !done)
                return done;
        }
        return {};
    }

    Result<void> takeValue(const std::string& element)
    {
        const JsonView value = m_resource[element];
        if (!value.exists())
            return {};
        if (value.isObject())
            return takePeriod(value["start"], value["end"], element + ".start", element + ".end");
        if (element == "start") // start and end at the top make a period
            return takePeriod(value, m_resource["end"], "start", "end");
        return takeTime(value, element);
    }

    // ---- the patient

    void takePatient()
    {
        if (m_rules.patient.empty())
            return;
        bool several = false;
        forEachObject(m_resource[m_rules.patient], [this, &several](JsonView element) {
            const std::string text = element["reference"].string();
            const auto reference = parseReference(text);
            if (!reference || reference->type != "Patient")
                return;
            several = several || (m_index.patient && *m_index.patient != reference->id);
            m_index.patient = std::string(reference->id);
        });
        if (several)
            m_index.patient.reset();
        if (m_type == "Task" && hasCode(m_resource["code"], kDuplicate, "possible-duplicate"))
            takeOtherPatient();
    }

    static bool hasCode(JsonView codeable, std::string_view system, std::string_view code)
    {
        const auto codings = codeable["coding"].items();
        return std::any_of(codings.begin(), codings.end(), [&](JsonView coding) {
            return coding["system"].says(system) && coding["code"].says(code);
        });
    }

    void takeOtherPatient()
    {
        forEachObject(m_resource["input"], [this](JsonView input) {
            const std::string text = input["valueReference"]["reference"].string();
            const auto reference = parseReference(text);
            if (reference && reference->type == "Patient" && hasCode(input["type"], kDuplicatePart, "other"))
                m_index.otherPatient = std::string(reference->id);
        });
    }

    // ---- what there may be several of

    void takeIdentifiers()
    {
        forEachObject(m_resource["identifier"], [this](JsonView identifier) {
            const std::string value = indexText(identifier["value"].string());
            const std::string system = indexText(identifier["system"].string());
            if (value.empty())
                return;
            add("identifier", value + '\n' + system);
            if (m_type == "Patient" && isMedicalRecordNumber(identifier))
                m_index.mrns.emplace_back(system, value);
        });
        std::sort(m_index.mrns.begin(), m_index.mrns.end());
        m_index.mrns.erase(std::unique(m_index.mrns.begin(), m_index.mrns.end()), m_index.mrns.end());
    }

    static bool isMedicalRecordNumber(JsonView identifier)
    {
        return !identifier["use"].says("old") && hasCode(identifier["type"], kIdentifierTypes, "MR");
    }

    void takePerson()
    {
        int bestRank = 0;
        forEachObject(m_resource["name"], [this, &bestRank](JsonView name) {
            for (const std::string_view param : {"family", "given"})
                forEachText(name[param], [this, param](const std::string& text) { add(param, fold(text)); });
            for (const std::string_view part : {"text", "prefix", "suffix"})
                forEachText(name[part], [this](const std::string& text) { add("name", fold(text)); });
            const int rank = rankOf(name["use"]);
            std::string text = sortNameOf(name);
            if (rank > bestRank && !text.empty()) {
                bestRank = rank;
                m_index.sortName = std::move(text);
            }
        });
        forEachObject(m_resource["telecom"], [this](JsonView telecom) {
            if (telecom["system"].says("phone") || telecom["system"].says("sms"))
                add("phone", phoneDigits(telecom["value"].string()));
        });
    }

    /// The name that people are listed under: the official one, the usual one, one that still holds, any.
    static int rankOf(JsonView use)
    {
        if (use.says("official"))
            return 4;
        if (use.says("usual"))
            return 3;
        return use.says("old") || use.says("maiden") ? 1 : 2;
    }

    static std::string sortNameOf(JsonView name)
    {
        std::string text = name["family"].string();
        forEachText(name["given"], [&text](const std::string& given) { text += ' ' + given; });
        text = fold(text);
        return indexText(text.empty() ? fold(name["text"].string()) : std::move(text));
    }

    std::string_view m_type;
    JsonView m_resource;
    const TypeRules& m_rules;
    IndexValues m_index;
};

} // namespace

std::string indexText(std::string text)
{
    constexpr std::size_t kLongest = 800; // an index row of PostgreSQL holds some 2,700 bytes
    std::erase(text, '\0');
    if (text.size() > kLongest) {
        std::size_t end = kLongest;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80)
            --end;
        text.resize(end);
    }
    return text;
}

Result<IndexValues> indexValuesOf(std::string_view type, JsonView resource)
{
    return Indexer(type, resource).run();
}

} // namespace yarrow::server::fhir
