// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/reference.h"

#include "server/fhir/resource_types.h"

#include <algorithm>

namespace yarrow::server::fhir {
namespace {

constexpr bool isLetter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

constexpr bool isHex(char c) noexcept
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool isUuid(std::string_view text) noexcept
{
    constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    return text.size() == kShape.size() &&
           std::equal(text.begin(), text.end(), kShape.begin(),
                      [](char c, char shape) { return shape == '-' ? c == '-' : isHex(c); });
}

bool isOid(std::string_view text) noexcept
{
    return text.size() > 2 && text[0] >= '0' && text[0] <= '2' && text[1] == '.' && isDigit(text.back()) &&
           text.find("..") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char c) { return c == '.' || isDigit(c); });
}

/// "scheme://something"
bool isAddress(std::string_view text) noexcept
{
    const std::size_t colon = text.find("://");
    return colon != std::string_view::npos && colon > 0 && isLetter(text[0]) && text.size() > colon + 3 &&
           std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon),
                       [](char c) { return isLetter(c) || isDigit(c) || c == '+' || c == '-' || c == '.'; });
}

/// "Type/id" or "Type/id/_history/version".
std::optional<Reference> parseRelative(std::string_view text) noexcept
{
    constexpr std::string_view kHistory = "/_history/";
    if (const auto history = text.find(kHistory); history != std::string_view::npos) {
        if (!isFhirId(text.substr(history + kHistory.size())))
            return std::nullopt;
        text = text.substr(0, history);
    }
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    const Reference reference{text.substr(0, slash), text.substr(slash + 1)};
    if (!isResourceType(reference.type) || !isFhirId(reference.id))
        return std::nullopt;
    return reference;
}

} // namespace

ReferenceForm formOf(std::string_view reference) noexcept
{
    constexpr std::string_view kUuid = "urn:uuid:";
    constexpr std::string_view kOid = "urn:oid:";
    if (std::any_of(reference.begin(), reference.end(),
                    [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; }))
        return ReferenceForm::Malformed;
    if (reference.starts_with('#'))
        return ReferenceForm::Fragment;
    if (reference.starts_with(kUuid))
        return isUuid(reference.substr(kUuid.size())) ? ReferenceForm::Absolute : ReferenceForm::Malformed;
    if (reference.starts_with(kOid))
        return isOid(reference.substr(kOid.size())) ? ReferenceForm::Absolute : ReferenceForm::Malformed;
    if (const auto question = reference.find('?');
        question != std::string_view::npos && isResourceType(reference.substr(0, question)))
        return question + 1 < reference.size() ? ReferenceForm::Conditional : ReferenceForm::Malformed;
    if (isAddress(reference))
        return ReferenceForm::Absolute;
    return parseRelative(reference) ? ReferenceForm::Relative : ReferenceForm::Malformed;
}

std::optional<Reference> parseReference(std::string_view text) noexcept
{
    if (!text.starts_with("http://") && !text.starts_with("https://"))
        return parseRelative(text);
    const std::size_t host = text.find("://") + 3;
    std::size_t end = text.find("/_history/", host);
    if (end == std::string_view::npos)
        end = text.size();
    const std::size_t beforeId = text.substr(0, end).rfind('/');
    if (beforeId <= host)
        return std::nullopt;
    const std::size_t beforeType = text.substr(0, beforeId).rfind('/');
    if (beforeType <= host)
        return std::nullopt;
    return parseRelative(text.substr(beforeType + 1));
}

} // namespace yarrow::server::fhir
