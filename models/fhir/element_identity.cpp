// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/element_identity.h"

#include <algorithm>
#include <iterator>

namespace yarrow::fhir {
namespace {

/// Calls `visit(word)` for the words of a list until one returns true; whether one did.
template <class Visit>
bool anyWord(std::string_view list, char separator, Visit&& visit)
{
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(separator), list.size());
        if (visit(list.substr(0, end)))
            return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

bool hasWord(std::string_view list, std::string_view word)
{
    return anyWord(list, ' ', [word](std::string_view candidate) { return candidate == word; });
}

// R4's choice elements, but for those whose name with a type behind it is also a list of its own
// (`locationReference`, `usedReference`). Sorted.
constexpr std::string_view kChoices[] = {"abatement[x]",
                                         "additive[x]",
                                         "age[x]",
                                         "allowed[x]",
                                         "amount[x]",
                                         "answer[x]",
                                         "asNeeded[x]",
                                         "author[x]",
                                         "born[x]",
                                         "bounds[x]",
                                         "code[x]",
                                         "collected[x]",
                                         "content[x]",
                                         "deceased[x]",
                                         "defaultValue[x]",
                                         "definition[x]",
                                         "detail[x]",
                                         "diagnosis[x]",
                                         "dose[x]",
                                         "doseNumber[x]",
                                         "due[x]",
                                         "effective[x]",
                                         "entity[x]",
                                         "event[x]",
                                         "fastingStatus[x]",
                                         "fixed[x]",
                                         "identified[x]",
                                         "item[x]",
                                         "legallyBinding[x]",
                                         "manufacturer[x]",
                                         "maxValue[x]",
                                         "medication[x]",
                                         "minValue[x]",
                                         "minimumVolume[x]",
                                         "module[x]",
                                         "multipleBirth[x]",
                                         "name[x]",
                                         "occurred[x]",
                                         "occurrence[x]",
                                         "onset[x]",
                                         "participantEffective[x]",
                                         "pattern[x]",
                                         "performed[x]",
                                         "probability[x]",
                                         "procedure[x]",
                                         "product[x]",
                                         "quantity[x]",
                                         "rate[x]",
                                         "reported[x]",
                                         "scheduled[x]",
                                         "seriesDoses[x]",
                                         "serviced[x]",
                                         "source[x]",
                                         "start[x]",
                                         "statusReason[x]",
                                         "studyEffective[x]",
                                         "subject[x]",
                                         "target[x]",
                                         "time[x]",
                                         "timing[x]",
                                         "topic[x]",
                                         "value[x]",
                                         "when[x]"};

// The datatypes a choice element may have, as they are spelled behind its name. Sorted.
constexpr std::string_view kChoiceTypes[] = {"Address",
                                             "Age",
                                             "Annotation",
                                             "Attachment",
                                             "Base64Binary",
                                             "Boolean",
                                             "Canonical",
                                             "Code",
                                             "CodeableConcept",
                                             "Coding",
                                             "ContactDetail",
                                             "ContactPoint",
                                             "Contributor",
                                             "Count",
                                             "DataRequirement",
                                             "Date",
                                             "DateTime",
                                             "Decimal",
                                             "Distance",
                                             "Dosage",
                                             "Duration",
                                             "Expression",
                                             "HumanName",
                                             "Id",
                                             "Identifier",
                                             "Instant",
                                             "Integer",
                                             "Markdown",
                                             "Meta",
                                             "Money",
                                             "Oid",
                                             "ParameterDefinition",
                                             "Period",
                                             "PositiveInt",
                                             "Quantity",
                                             "Range",
                                             "Ratio",
                                             "Reference",
                                             "RelatedArtifact",
                                             "SampledData",
                                             "Signature",
                                             "String",
                                             "Time",
                                             "Timing",
                                             "TriggerDefinition",
                                             "UnsignedInt",
                                             "Uri",
                                             "Url",
                                             "UsageContext",
                                             "Uuid"};

constexpr std::string_view baseOf(std::string_view choice)
{
    return choice.substr(0, choice.size() - 3);
}

static_assert(std::is_sorted(std::begin(kChoices), std::end(kChoices),
                             [](std::string_view a, std::string_view b) { return baseOf(a) < baseOf(b); }));
static_assert(std::is_sorted(std::begin(kChoiceTypes), std::end(kChoiceTypes)));

struct GroupRule
{
    std::string_view resourceType;
    std::string_view members; ///< commas apart
};

/// What contradicts itself when one half of it comes from one side and the other from the other.
constexpr GroupRule kGroups[] = {
    {"Appointment", "start,end,minutesDuration,status,cancelationReason,slot,participant"},
    {"AppointmentResponse", "start,end,participantStatus"},
    {"ChargeItem", "status,code,quantity,factorOverride,priceOverride"},
    {"Claim", "status,item,total"},
    {"Condition", "code,clinicalStatus,verificationStatus,abatement[x]"}, // con-3 to con-5
    {"Encounter", "status,statusHistory,period"},
    {"Immunization", "status,statusReason,occurrence[x]"},
    {"Immunization", "vaccineCode,manufacturer,lotNumber,expirationDate,doseQuantity"},
    {"Invoice", "status,lineItem,totalPriceComponent,totalNet,totalGross"},
    {"MedicationAdministration", "status,statusReason,medication[x],effective[x],dosage"},
    {"MedicationDispense", "status,statusReason[x],medication[x],quantity,daysSupply,dosageInstruction"},
    {"MedicationStatement", "status,statusReason,medication[x],effective[x],dosage"},
    {"Observation", "status,code,effective[x],value[x],dataAbsentReason,interpretation"}, // obs-6
    {"Procedure", "status,statusReason,code,performed[x]"},
    {"ServiceRequest", "status,intent,doNotPerform,code,quantity[x],occurrence[x],asNeeded[x]"},
    {"Slot", "schedule,start,end,status,overbooked"},
    {"Task", "status,statusReason,businessStatus"},
};

/// Objects that merge member by member, whatever members they have.
constexpr std::string_view kOpenNames = "contained extension meta modifierExtension name telecom";

/// Objects that are about somebody or something else once their members are mixed.
constexpr std::string_view kWholeNames = "address contact identifier note qualification";

/// The members of the datatypes that make sense only whole.
constexpr std::string_view kWholeTypes[] = {
    "start end",                                                  // Period
    "value comparator unit system code currency",                 // Quantity, Money
    "system version code display userSelected",                   // Coding
    "coding text",                                                // CodeableConcept
    "reference type identifier display",                          // Reference
    "contentType language data url size hash title creation",     // Attachment
    "use type system value period assigner",                      // Identifier
    "low high",                                                   // Range
    "numerator denominator",                                      // Ratio
    "origin period factor lowerLimit upperLimit dimensions data", // SampledData
    "type when who onBehalfOf targetFormat sigFormat data",       // Signature
    "event repeat code",                                          // Timing
    "status div",                                                 // Narrative
    "longitude latitude altitude",                                // Location.position
};

struct ListRule
{
    std::string_view list;
    std::string_view members;                             ///< what the key is made of, one space apart
    enum class Parts { All, First } parts = Parts::First; ///< all that an item has, or the first of them
    bool mayBeEmpty = false; ///< items with none of the members share the empty key
};

constexpr ListRule kLists[] = {
    {"address", "use type", ListRule::Parts::All, true},
    {"communication", "language"},
    {"component", "code"},
    {"contact", "relationship purpose", ListRule::Parts::First, true},
    {"diagnosis", "condition"},
    {"entry", "item fullUrl"},
    {"extension", "url"},
    {"identifier", "system type", ListRule::Parts::All, true},
    {"input", "type"},
    {"insurance", "coverage"},
    {"link", "other target relation"},
    {"location", "location"},
    {"member", "entity"},
    {"modifierExtension", "url"},
    {"name", "use", ListRule::Parts::All, true},
    {"note", "authorReference authorString time", ListRule::Parts::All, true},
    {"output", "type"},
    {"participant", "actor individual member party type"},
    {"performer", "actor"},
    {"qualification", "code"},
    {"relatesTo", "target"},
    {"section", "code title"},
    {"telecom", "system use", ListRule::Parts::All, true},
};

std::string systemAndValue(std::string_view system, std::string_view value)
{
    if (value.empty() || system.empty())
        return std::string(value);
    return std::string(system) + '|' + std::string(value);
}

/// The first code of a CodeableConcept; empty when it has none.
std::string codeText(const Json& value)
{
    for (const Json& coding : value["coding"].items()) {
        if (const auto code = coding["code"].string(); !code.empty())
            return systemAndValue(coding["system"].string(), code);
    }
    return {};
}

/// One text for what a member says: a code or text itself, what a Reference refers to, the first code of a
/// CodeableConcept, of a list the first that says anything.
std::string identityText(const Json& value)
{
    switch (value.type()) {
    case Json::Type::String:
        return std::string(value.string());
    case Json::Type::Number:
        return std::string(value.numberLexeme());
    case Json::Type::Object: {
        if (const auto reference = value["reference"].string(); !reference.empty())
            return std::string(reference);
        if (std::string code = codeText(value); !code.empty())
            return code;
        if (const auto text = value["text"].string(); !text.empty())
            return std::string(text);
        const Json& identifier = value["identifier"];
        return systemAndValue(identifier["system"].string(), identifier["value"].string());
    }
    case Json::Type::Array:
        for (const Json& item : value.items()) {
            if (item.isArray())
                continue;
            if (std::string text = identityText(item); !text.empty())
                return text;
        }
        return {};
    default:
        return {};
    }
}

/// Adds `name=text` to the key when there is a text.
void addPart(std::string& key, std::string_view name, std::string_view text)
{
    if (text.empty())
        return;
    if (!key.empty())
        key += ',';
    key += name;
    key += '=';
    for (const char c : text) {
        if (c == ',' || c == ']' || c == '[' || c == '\\')
            key += '\\';
        key += c;
    }
}

bool hasOnly(const Json& object, std::string_view names) noexcept
{
    return std::all_of(object.members().begin(), object.members().end(), [names](const Json::Member& member) {
        const std::string_view name = extendedBy(member.name);
        return name == "id" || name == "extension" || hasWord(names, name);
    });
}

/// The key of an item of any list, from what the item is.
std::optional<std::string> generalKey(const Json& item)
{
    std::string key;
    for (const std::string_view name : {"linkId", "sequence", "reference"}) {
        addPart(key, name, identityText(item[name]));
        if (!key.empty())
            return key;
    }
    if (hasOnly(item, "coding text")) {
        // Free text is edited in place.
        addPart(key, "code", codeText(item));
        return key;
    }
    if (hasOnly(item, "system version code display userSelected") && item["code"].isString()) {
        addPart(key, "system", item["system"].string());
        addPart(key, "code", item["code"].string());
    }
    return key.empty() ? std::nullopt : std::optional(std::move(key));
}

} // namespace

std::string_view extendedBy(std::string_view member) noexcept
{
    return member.size() > 1 && member.front() == '_' ? member.substr(1) : member;
}

std::string_view choiceOf(std::string_view member) noexcept
{
    member = extendedBy(member);
    for (std::size_t i = 1; i < member.size(); ++i) {
        if (member[i] < 'A' || member[i] > 'Z' ||
            !std::binary_search(std::begin(kChoiceTypes), std::end(kChoiceTypes), member.substr(i)))
            continue;
        const std::string_view base = member.substr(0, i);
        const auto* found = std::lower_bound(
            std::begin(kChoices), std::end(kChoices), base,
            [](std::string_view choice, std::string_view name) { return baseOf(choice) < name; });
        if (found != std::end(kChoices) && baseOf(*found) == base)
            return *found;
    }
    return {};
}

ElementName elementOf(std::string_view resourceType, std::string_view member) noexcept
{
    const std::string_view choice = choiceOf(member);
    const ElementName alone = choice.empty() ? ElementName{ElementName::Kind::Plain, extendedBy(member)}
                                             : ElementName{ElementName::Kind::Choice, choice};
    if (!resourceType.empty()) {
        for (const GroupRule& rule : kGroups) {
            if (rule.resourceType == resourceType &&
                anyWord(rule.members, ',', [&](std::string_view name) { return name == alone.text; }))
                return {ElementName::Kind::Group, rule.members};
        }
    }
    return alone;
}

bool isWhole(std::string_view name, std::span<const Json* const> versions) noexcept
{
    if (hasWord(kOpenNames, name))
        return false;
    if (hasWord(kWholeNames, name))
        return true;
    return std::any_of(std::begin(kWholeTypes), std::end(kWholeTypes), [versions](std::string_view names) {
        return std::all_of(versions.begin(), versions.end(),
                           [names](const Json* version) { return hasOnly(*version, names); });
    });
}

std::optional<std::string> itemKey(std::string_view list, const Json& item)
{
    if (!item.isObject())
        return std::nullopt;
    std::string key;
    addPart(key, "id", item["id"].string());
    if (!key.empty())
        return key;
    const auto* rule = std::find_if(std::begin(kLists), std::end(kLists),
                                    [list](const ListRule& candidate) { return candidate.list == list; });
    if (rule != std::end(kLists)) {
        anyWord(rule->members, ' ', [&](std::string_view member) {
            addPart(key, member, identityText(item[member]));
            return rule->parts == ListRule::Parts::First && !key.empty();
        });
        if (!key.empty() || rule->mayBeEmpty)
            return key;
    }
    return generalKey(item);
}

} // namespace yarrow::fhir
