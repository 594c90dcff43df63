// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/document_check.h"

#include "server/fhir/resource_types.h"
#include "server/fhir/type_rules.h"

#include <algorithm>
#include <array>
#include <string>

namespace yarrow::server::fhir {
namespace {

/// What clients read as lists of objects.
constexpr std::string_view kPersonLists = "identifier name telecom address";
constexpr std::string_view kAppointmentLists = "identifier participant";

bool isThere(JsonView value) noexcept
{
    switch (value.kind()) {
    case JsonView::Kind::Missing:
    case JsonView::Kind::Null:
        return false;
    case JsonView::Kind::Object:
    case JsonView::Kind::Array:
        return value.size() > 0;
    case JsonView::Kind::String:
        return value.raw().size() > 2;
    default:
        return true;
    }
}

/// Whether the element is there, or instead of its value extensions that tell why not.
bool hasElement(JsonView resource, std::string_view element)
{
    constexpr std::string_view kChoice = "[x]";
    if (!element.ends_with(kChoice))
        return isThere(resource[element]) || isThere(resource['_' + std::string(element)]);
    element.remove_suffix(kChoice.size());
    for (const auto& [name, value] : resource.members()) {
        std::string_view rest = name;
        if (rest.starts_with('_'))
            rest.remove_prefix(1);
        if (rest.starts_with(element) && rest.size() > element.size() && rest[element.size()] >= 'A' &&
            rest[element.size()] <= 'Z' && isThere(value))
            return true;
    }
    return false;
}

tl::unexpected<Problem> badCode(std::string_view type, const std::string& element)
{
    return refuse(422, "bad-code", "The code is none of the value set that FHIR requires here.",
                  std::string(type) + '.' + element);
}

bool isAllowed(JsonView value, std::string_view codes)
{
    return value.isString() && hasWord(codes, value.string());
}

/// `value` is a code, a list of codes, or with a system a CodeableConcept.
bool followsRule(JsonView value, const CodeRule& rule)
{
    if (!value.exists())
        return true;
    if (!rule.system.empty()) {
        const auto codings = value["coding"].items();
        return std::all_of(codings.begin(), codings.end(), [&rule](JsonView coding) {
            return !coding["system"].says(rule.system) || isAllowed(coding["code"], rule.codes);
        });
    }
    if (!value.isArray())
        return isAllowed(value, rule.codes);
    const auto items = value.items();
    return std::all_of(items.begin(), items.end(), [&rule](JsonView item) {
        return item.kind() == JsonView::Kind::Null || isAllowed(item, rule.codes);
    });
}

Result<void> checkCode(std::string_view type, JsonView resource, const CodeRule& rule)
{
    const std::size_t dot = rule.element.find('.');
    if (dot == std::string_view::npos) {
        if (!followsRule(resource[rule.element], rule))
            return badCode(type, std::string(rule.element));
        return {};
    }
    const std::string_view list = rule.element.substr(0, dot);
    const std::string_view element = rule.element.substr(dot + 1);
    std::size_t index = 0;
    for (const JsonView item : resource[list].items()) {
        if (!followsRule(item[element], rule))
            return badCode(type,
                           std::string(list) + '[' + std::to_string(index) + "]." + std::string(element));
        ++index;
    }
    return {};
}

Result<void> checkLists(std::string_view type, JsonView resource, std::string_view lists)
{
    while (!lists.empty()) {
        const std::string_view element = nextWord(lists);
        const JsonView list = resource[element];
        const auto items = list.items();
        const bool isList = list.isArray() && std::all_of(items.begin(), items.end(),
                                                          [](JsonView item) { return item.isObject(); });
        if (list.exists() && !isList)
            return refuse(422, "bad-value", "The element must be a list of objects.",
                          std::string(type) + '.' + std::string(element));
    }
    return {};
}

/// Every participant of an appointment says whether he comes.
Result<void> checkParticipants(JsonView appointment)
{
    std::size_t index = 0;
    for (const JsonView participant : appointment["participant"].items()) {
        if (!participant["status"].exists())
            return refuse(422, "missing-element", "A required element is missing.",
                          "Appointment.participant[" + std::to_string(index) + "].status");
        ++index;
    }
    return {};
}

} // namespace

Result<void> checkElements(std::string_view type, JsonView resource)
{
    const TypeRules& rules = rulesOf(type);
    std::string_view required = rules.required;
    while (!required.empty()) {
        const std::string_view element = nextWord(required);
        if (!hasElement(resource, element))
            return refuse(422, "missing-element", "A required element is missing.",
                          std::string(type) + '.' + std::string(element));
    }
    if (const JsonView status = resource["status"];
        !rules.status.empty() && status.exists() && !isAllowed(status, rules.status))
        return badCode(type, "status");
    for (const CodeRule& rule : codeRulesOf(type)) {
        if (auto done = checkCode(type, resource, rule); !done)
            return done;
    }
    if (isPerson(type))
        return checkLists(type, resource, kPersonLists);
    if (type != "Appointment")
        return {};
    if (!resource["status"].exists())
        return refuse(422, "missing-element", "A required element is missing.", "Appointment.status");
    if (auto done = checkLists(type, resource, kAppointmentLists); !done)
        return done;
    return checkParticipants(resource);
}

} // namespace yarrow::server::fhir
