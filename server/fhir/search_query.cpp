// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/search_query.h"

#include "server/fhir/index_values.h"
#include "server/fhir/reference.h"
#include "server/fhir/resource_types.h"
#include "server/fhir/time_range.h"
#include "server/fhir/type_rules.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace yarrow::server::fhir {
namespace {

using Param = SearchQuery::Param;
using Prefix = SearchQuery::Prefix;

struct Known
{
    std::string_view name;
    Param param;
    std::string_view kind; ///< FHIR search parameter type
};

constexpr Known kParams[] = {
    {"_id", Param::Id, "token"},
    {"_lastUpdated", Param::LastUpdated, "date"},
    {"identifier", Param::Identifier, "token"},
    {"name", Param::Name, "string"},
    {"family", Param::Family, "string"},
    {"given", Param::Given, "string"},
    {"phone", Param::Phone, "token"},
    {"birthdate", Param::BirthDate, "date"},
    {"patient", Param::Patient, "reference"},
    {"subject", Param::Patient, "reference"},
    {"actor", Param::Actor, "reference"},
    {"date", Param::Date, "date"},
    {"status", Param::Status, "token"},
};

bool hasParam(std::string_view type, Param param)
{
    const TypeRules& rules = rulesOf(type);
    switch (param) {
    case Param::Id:
    case Param::LastUpdated:
    case Param::Identifier:
        return true;
    case Param::Name:
        return isPerson(type) || hasWord("Organization Location HealthcareService", type);
    case Param::Family:
    case Param::Given:
    case Param::Phone:
    case Param::BirthDate:
        return isPerson(type);
    case Param::Patient:
        return type == "Appointment" || !rules.patient.empty();
    case Param::Actor:
        return type == "Appointment";
    case Param::Date:
        return type == "Appointment" || (!isPerson(type) && !rules.dates.empty());
    case Param::Status:
        return !rules.status.empty();
    }
    return false;
}

const Known* findParam(std::string_view type, std::string_view name)
{
    const auto* found = std::find_if(std::begin(kParams), std::end(kParams),
                                     [name](const Known& known) { return known.name == name; });
    return found != std::end(kParams) && hasParam(type, found->param) ? found : nullptr;
}

/// Splits at a character that no backslash stands before; the parts keep their backslashes.
std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    std::size_t start = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == separator) {
            parts.push_back(text.substr(start, at - start));
            start = at + 1;
        }
    }
    parts.push_back(text.substr(std::min(start, text.size())));
    return parts;
}

std::string unescape(std::string_view text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 1 < text.size())
            ++at;
        out += text[at];
    }
    return out;
}

/// A parameter's name as it may be repeated to the caller.
std::string shown(std::string_view name)
{
    constexpr std::size_t kLongest = 40;
    const bool isPlain = name.size() <= kLongest && std::all_of(name.begin(), name.end(), [](char c) {
                             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                    (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == ':';
                         });
    return isPlain ? std::string(name) : "?";
}

tl::unexpected<Problem> bad(std::string_view name, std::string_view what)
{
    return refuse(400, "bad-parameter", "The parameter " + shown(name) + ' ' + std::string(what) + '.',
                  shown(name));
}

std::optional<int> numberOf(std::string_view text)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0)
        return std::nullopt;
    return number;
}

class SearchParser
{
public:
    SearchParser(std::string_view type, bool lenient)
        : m_lenient(lenient)
    {
        m_query.type = type;
    }

    Result<void> take(const std::string& fullName, const std::string& value)
    {
        const std::size_t colon = fullName.find(':');
        const std::string_view name = std::string_view(fullName).substr(0, colon);
        const std::string_view modifier =
            colon == std::string::npos ? std::string_view() : std::string_view(fullName).substr(colon + 1);
        if (value.find('\0') != std::string::npos || !simdjson::validate_utf8(value.data(), value.size()))
            return bad(name, "is no valid text");
        if (const Known* known = findParam(m_query.type, name))
            return takeCondition(*known, modifier, value);
        if (hasWord("_count _sort _total _summary _page _format _pretty", name))
            return takeControl(fullName, value);
        if (!m_lenient)
            return refuse(400, "unknown-parameter",
                          "The parameter " + shown(fullName) + " is unknown for this type of resource.",
                          shown(fullName));
        m_query.ignored.push_back(shown(fullName));
        return {};
    }

    SearchQuery result()
    {
        const bool isSorted = std::find(m_controls.begin(), m_controls.end(), "_sort") != m_controls.end();
        const bool isByTime =
            std::any_of(m_query.all.begin(), m_query.all.end(), [](const SearchQuery::Condition& condition) {
                return condition.param == Param::LastUpdated;
            });
        if (!isSorted && isByTime)
            m_query.sort.by = SearchQuery::Sort::By::LastUpdated; // the index that the condition reads
        return std::move(m_query);
    }

private:
    Result<void> takeCondition(const Known& known, std::string_view modifier, const std::string& value)
    {
        if (!modifier.empty() && !allows(known.param, modifier))
            return bad(known.name, "has a modifier that is not supported");
        SearchQuery::Condition condition{known.param, {}};
        for (const std::string_view part : split(value, ',')) {
            auto one = readValue(known, modifier, part);
            if (!one)
                return tl::unexpected(std::move(one.error()));
            condition.anyOf.push_back(std::move(*one));
            if (++m_values > kMaxValues)
                return bad(known.name,
                           "brings more than " + std::to_string(kMaxValues) + " values into the search");
        }
        m_query.all.push_back(std::move(condition));
        return {};
    }

    static bool allows(Param param, std::string_view modifier)
    {
        switch (param) {
        case Param::Name:
        case Param::Family:
        case Param::Given:
            return modifier == "exact";
        case Param::Patient:
            return modifier == "Patient";
        case Param::Actor:
            return isResourceType(modifier);
        default:
            return false;
        }
    }

    static Result<SearchQuery::Value> readValue(const Known& known, std::string_view modifier,
                                                std::string_view part)
    {
        SearchQuery::Value value;
        const std::string text = unescape(part);
        switch (known.param) {
        case Param::Id:
            value.text = text;
            return isFhirId(text) ? Result<SearchQuery::Value>(value) : bad(known.name, "must be an id");
        case Param::LastUpdated:
        case Param::BirthDate:
        case Param::Date:
            return readDate(known, text);
        case Param::Identifier:
            return readIdentifier(known, part);
        case Param::Name:
        case Param::Family:
        case Param::Given:
            value.text = indexText(fold(text));
            value.exact = !modifier.empty();
            break;
        case Param::Phone:
            value.text = indexText(phoneDigits(text));
            break;
        case Param::Patient:
            return readPatient(known, text);
        case Param::Actor:
            return readActor(known, modifier, text);
        case Param::Status:
            value.text = indexText(unescape(split(part, '|').back()));
            break;
        }
        if (value.text.empty())
            return bad(known.name, "has no value that can be searched for");
        return value;
    }

    static Result<SearchQuery::Value> readDate(const Known& known, std::string_view text)
    {
        struct Named
        {
            std::string_view name;
            Prefix prefix;
        };
        constexpr std::array<Named, 6> kPrefixes{{{"eq", Prefix::Equal},
                                                  {"ne", Prefix::NotEqual},
                                                  {"lt", Prefix::Less},
                                                  {"le", Prefix::LessOrEqual},
                                                  {"gt", Prefix::Greater},
                                                  {"ge", Prefix::GreaterOrEqual}}};
        SearchQuery::Value value;
        for (const Named& named : kPrefixes) {
            if (!text.starts_with(named.name))
                continue;
            value.prefix = named.prefix;
            text.remove_prefix(named.name.size());
            break;
        }
        const auto time = parseTime(text, true);
        if (!time)
            return bad(known.name, "must be a date or time, after eq, ne, lt, le, gt, ge or nothing");
        value.from = timeText(time->from);
        value.to = timeText(time->to);
        return value;
    }

    static Result<SearchQuery::Value> readIdentifier(const Known& known, std::string_view part)
    {
        const auto parts = split(part, '|');
        const std::string text = indexText(unescape(parts.back()));
        if (parts.size() > 2 || text.empty())
            return bad(known.name, "must be a value, or a system and a value with | between them");
        SearchQuery::Value value;
        value.text = parts.size() == 1 ? text : indexText(text + '\n' + indexText(unescape(parts.front())));
        return value;
    }

    static Result<SearchQuery::Value> readPatient(const Known& known, std::string_view text)
    {
        constexpr std::string_view kPatient = "Patient/";
        if (text.starts_with(kPatient))
            text.remove_prefix(kPatient.size());
        if (!isFhirId(text))
            return bad(known.name, "must be a patient's id");
        SearchQuery::Value value;
        value.text = text;
        return value;
    }

    static Result<SearchQuery::Value> readActor(const Known& known, std::string_view modifier,
                                                const std::string& text)
    {
        const std::string full = modifier.empty() ? text : std::string(modifier) + '/' + text;
        const auto reference = parseReference(full);
        SearchQuery::Value value;
        value.text = full;
        return reference && reference->text() == full
                   ? Result<SearchQuery::Value>(value)
                   : bad(known.name, "must be a resource type and an id, with / "
                                     "between them");
    }

    Result<void> takeControl(const std::string& name, const std::string& value)
    {
        if (std::find(m_controls.begin(), m_controls.end(), name) != m_controls.end())
            return bad(name, "stands twice");
        m_controls.push_back(name);
        if (name == "_count")
            return takeCount(value);
        if (name == "_sort")
            return takeSort(value);
        if (name == "_total")
            return takeTotal(value);
        if (name == "_summary")
            return takeSummary(value);
        if (name == "_page") {
            m_query.page = value;
            return {};
        }
        if (name == "_format" && !hasWord("json application/json application/fhir+json", value))
            return bad(name, "must be json");
        if (name != "_format" && name != "_pretty")
            return bad(name, "has no modifiers");
        return {};
    }

    Result<void> takeCount(const std::string& value)
    {
        const auto count = numberOf(value);
        if (!count)
            return bad("_count", "must be a whole number");
        if (!m_onlyTotal)
            m_query.count = std::min(*count, kMaxCount);
        return {};
    }

    Result<void> takeTotal(const std::string& value)
    {
        if (!hasWord("none estimate accurate", value))
            return bad("_total", "must be none, estimate or accurate");
        m_query.total = m_query.total || value != "none";
        return {};
    }

    Result<void> takeSummary(const std::string& value)
    {
        if (value == "false")
            return {};
        if (value != "count")
            return bad("_summary", "must be count or false");
        m_onlyTotal = true;
        m_query.total = true;
        m_query.count = 0;
        return {};
    }

    Result<void> takeSort(std::string_view value)
    {
        using By = SearchQuery::Sort::By;
        m_query.sort.descending = value.starts_with('-');
        if (m_query.sort.descending)
            value.remove_prefix(1);
        const Known* known = findParam(m_query.type, value);
        if (value == "_id")
            m_query.sort.by = By::Id;
        else if (value == "_lastUpdated")
            m_query.sort.by = By::LastUpdated;
        else if (known != nullptr && (known->param == Param::Date || known->param == Param::BirthDate))
            m_query.sort.by = By::Date;
        else if (isPerson(m_query.type) && (value == "name" || value == "family"))
            m_query.sort.by = By::Name;
        else
            return bad("_sort",
                       "must be one of _id, _lastUpdated, date, birthdate, name or family that the type has");
        return {};
    }

    bool m_lenient;
    int m_values = 0; // of all conditions
    bool m_onlyTotal = false;
    std::vector<std::string> m_controls; // seen so far
    SearchQuery m_query;
};

} // namespace

Result<SearchQuery> parseSearch(std::string_view type,
                                const std::vector<std::pair<std::string, std::string>>& parameters,
                                bool lenient)
{
    SearchParser parser(type, lenient);
    for (const auto& [name, value] : parameters) {
        if (auto done = parser.take(name, value); !done)
            return tl::unexpected(std::move(done.error()));
    }
    return parser.result();
}

std::vector<std::pair<std::string_view, std::string_view>> searchParametersOf(std::string_view type)
{
    std::vector<std::pair<std::string_view, std::string_view>> parameters;
    for (const Known& known : kParams) {
        if (hasParam(type, known.param))
            parameters.emplace_back(known.name, known.kind);
    }
    return parameters;
}

} // namespace yarrow::server::fhir
