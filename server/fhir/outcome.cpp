// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/outcome.h"

#include <simdjson.h>

namespace yarrow::server::fhir {
namespace {

/// http://hl7.org/fhir/R4/valueset-issue-type.html
std::string_view issueTypeOf(int status) noexcept
{
    switch (status) {
    case 401:
        return "login";
    case 403:
        return "forbidden";
    case 404:
        return "not-found";
    case 405:
    case 406:
    case 415:
    case 501:
        return "not-supported";
    case 408:
    case 504:
        return "timeout";
    case 409:
    case 412:
        return "conflict";
    case 410:
        return "deleted";
    case 413:
    case 414:
    case 431:
        return "too-long";
    case 422:
    case 424:
        return "processing";
    case 429:
        return "throttled";
    case 503:
        return "transient";
    default:
        return status < 500 ? "invalid" : "exception";
    }
}

std::string outcome(const std::string& issues)
{
    return R"({"resourceType":"OperationOutcome","issue":[)" + issues + "]}";
}

} // namespace

std::string outcomeOf(const Problem& problem)
{
    std::string issue = "{";
    if (!problem.reference.empty())
        issue += R"("extension":[{"url":"https://yarrow.example/fhir/StructureDefinition/issue-record",)"
                 R"("valueReference":{"reference":)" +
                 fhir::quoted(problem.reference) + "}}],";
    issue += R"("severity":"error","code":")" + std::string(issueTypeOf(problem.status)) +
             R"(","details":{"coding":[{"system":"https://yarrow.example/fhir/CodeSystem/problem","code":)" +
             fhir::quoted(problem.code) + R"(}],"text":)" + fhir::quoted(problem.detail) + '}';
    if (!problem.expression.empty())
        issue += R"(,"expression":[)" + fhir::quoted(problem.expression) + ']';
    return outcome(issue + '}');
}

std::string informationOf(const std::vector<std::string>& sentences)
{
    std::string issues;
    for (const std::string& sentence : sentences) {
        issues += issues.empty() ? "" : ",";
        issues += R"({"severity":"information","code":"informational","details":{"text":)" +
                  fhir::quoted(sentence) + "}}";
    }
    return outcome(issues);
}

std::string quoted(std::string_view text)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    const bool isUtf8 = simdjson::validate_utf8(text.data(), text.size());
    std::string out;
    out.reserve(text.size() + 2);
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (byte >= 0x80 && !isUtf8)
            out += '?';
        else if (byte >= 0x20)
            out += c;
        else
            ((out += "\\u00") += kDigits[byte >> 4U]) += kDigits[byte & 0x0FU];
    }
    return out += '"';
}

} // namespace yarrow::server::fhir
