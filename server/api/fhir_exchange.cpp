// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/fhir_exchange.h"

#include "server/fhir/time_range.h"
#include "server/http/problem_response.h"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace yarrow::server::api {
namespace {

bool isJson(std::string_view mediaType)
{
    const std::string name = boost::trim_copy(std::string(mediaType.substr(0, mediaType.find(';'))));
    return boost::iequals(name, "application/fhir+json") || boost::iequals(name, "application/json") ||
           boost::iequals(name, "text/json") || boost::iequals(name, "json");
}

/// Whether one of the media ranges of an Accept field lets JSON pass.
bool acceptsJson(std::string_view accept)
{
    while (!accept.empty()) {
        const std::size_t comma = std::min(accept.find(','), accept.size());
        const std::string_view range = accept.substr(0, comma);
        const std::string name = boost::trim_copy(std::string(range.substr(0, range.find(';'))));
        if (isJson(range) || name == "*/*" || name == "application/*")
            return true;
        accept.remove_prefix(std::min(comma + 1, accept.size()));
    }
    return false;
}

tl::unexpected<Problem> jsonOnly(int status)
{
    return refuse(status, "json-only", "This server speaks FHIR in JSON only: application/fhir+json.");
}

} // namespace

Preferences preferencesOf(const Request& request)
{
    Preferences preferences;
    for (const auto& [name, value] : request.headers.fields()) {
        if (!boost::iequals(name, "Prefer"))
            continue;
        if (boost::icontains(value, "return=minimal"))
            preferences.wanted = Preferences::Return::Minimal;
        else if (boost::icontains(value, "return=representation"))
            preferences.wanted = Preferences::Return::Representation;
        else if (boost::icontains(value, "return=OperationOutcome"))
            preferences.wanted = Preferences::Return::OperationOutcome;
        if (boost::icontains(value, "handling=lenient"))
            preferences.lenient = true;
    }
    return preferences;
}

Result<Parameters> parametersOf(const Request& request, const std::vector<std::string_view>* known)
{
    const Parameters parameters = parseForm(request.query);
    // _format wins over Accept.
    if (!valueOf(parameters, "_format") && request.headers.contains("Accept") &&
        !acceptsJson(request.headers.find("Accept")))
        return jsonOnly(406);
    return parametersOf(request.query, known);
}

Result<Parameters> parametersOf(std::string_view query, const std::vector<std::string_view>* known)
{
    Parameters parameters = parseForm(query);
    const auto format = std::find_if(parameters.begin(), parameters.end(),
                                     [](const auto& parameter) { return parameter.first == "_format"; });
    if (format != parameters.end()) {
        if (!isJson(format->second))
            return jsonOnly(406);
        parameters.erase(format);
    }
    if (known) {
        for (const auto& [name, value] : parameters) {
            if (std::find(known->begin(), known->end(), name) == known->end())
                return refuse(400, "unknown-parameter", "The parameter " + name + " is not known here.",
                              name);
        }
    }
    return parameters;
}

Result<JsonDocument> bodyOf(const Request& request)
{
    if (!isJson(request.headers.find("Content-Type")))
        return jsonOnly(415);
    return JsonDocument::parse(request.body);
}

std::optional<std::string> valueOf(const Parameters& parameters, std::string_view name)
{
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const auto& parameter) { return parameter.first == name; });
    std::optional<std::string> value;
    if (found != parameters.end())
        value = found->second;
    return value;
}

Result<int> countOf(const Parameters& parameters, int otherwise)
{
    const auto text = valueOf(parameters, "_count");
    if (!text)
        return otherwise;
    int count = 0;
    const auto parsed = std::from_chars(text->data(), text->data() + text->size(), count);
    if (parsed.ec == std::errc::result_out_of_range && text->front() != '-')
        return fhir::kMaxCount;
    if (parsed.ec != std::errc() || parsed.ptr != text->data() + text->size() || count < 0)
        return refuse(400, "bad-parameter", "The parameter _count is a whole number, 0 or more.", "_count");
    return std::min(count, fhir::kMaxCount);
}

Response fhirAnswer(int status, std::string body)
{
    Response response{.status = status, .headers = {}, .body = std::move(body)};
    if (!response.body.empty())
        response.headers.add("Content-Type", "application/fhir+json; charset=utf-8");
    return response;
}

Response versionAnswer(int status, const std::string& versionId, const std::string& lastUpdated,
                       std::string body)
{
    Response response = fhirAnswer(status, std::move(body));
    response.headers.add("ETag", "W/\"" + versionId + "\"");
    response.headers.add("Last-Modified", httpDate(lastUpdated));
    return response;
}

std::string httpDate(std::string_view instant)
{
    constexpr std::int64_t kMicrosPerSecond = 1'000'000;
    const auto range = fhir::parseTime(instant);
    const auto time = static_cast<std::time_t>(range ? range->from / kMicrosPerSecond : 0);
    std::tm utc{};
    gmtime_r(&time, &utc);
    static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                     kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                                     kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900,
                                     utc.tm_hour, utc.tm_min, utc.tm_sec);
    return {text.data(), static_cast<std::size_t>(length)};
}

std::string quotedETag(std::string_view versionId)
{
    return std::string(R"("W/\")").append(versionId).append(R"(\"")");
}

std::string statusLine(int status)
{
    return std::to_string(status) + " " + statusText(status);
}

} // namespace yarrow::server::api
