// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/patient_merge.h"

#include "models/fhir/elements.h"
#include "models/fhir/patient_fhir.h"
#include "models/fhir/patient_links.h"
#include "models/fhir/references.h"
#include "models/fhir/related_person_fhir.h"

#include <algorithm>
#include <array>

namespace yarrow::fhir {
namespace {

constexpr std::string_view kLinks = "link";
constexpr std::array<std::string_view, 10> kTakenOver{
    "identifier",       "name",    "telecom",       "gender", "birthDate", "deceasedBoolean",
    "deceasedDateTime", "address", "communication", kLinks};

std::optional<Json> elementOf(const Json& document, std::string_view name)
{
    const Json* value = document.find(name);
    return value ? std::optional(*value) : std::nullopt;
}

template <class T, class Same>
void addMissing(std::vector<T>& kept, const std::vector<T>& gone, Same same)
{
    for (const T& value : gone) {
        if (std::none_of(kept.begin(), kept.end(), [&](const T& known) { return same(known, value); }))
            kept.push_back(value);
    }
}

Patient withWhatItLacks(Patient kept, Patient gone)
{
    for (Identifier& identifier : gone.identifiers) {
        if (identifier.typeCode == "MR")
            identifier.use = Identifier::Use::Old;
    }
    for (HumanName& name : gone.names) {
        if (name.use != HumanName::Use::Maiden)
            name.use = HumanName::Use::Old;
    }
    addMissing(kept.identifiers, gone.identifiers, [](const Identifier& a, const Identifier& b) {
        return a.system == b.system && a.value == b.value;
    });
    addMissing(kept.names, gone.names, [](const HumanName& a, const HumanName& b) {
        return a.family == b.family && a.given == b.given && a.text == b.text;
    });
    addMissing(kept.telecoms, gone.telecoms, [](const ContactPoint& a, const ContactPoint& b) {
        return a.system == b.system && a.value == b.value;
    });
    addMissing(kept.addresses, gone.addresses, [](const PostalAddress& a, const PostalAddress& b) {
        return a.lines == b.lines && a.city == b.city && a.postalCode == b.postalCode;
    });
    if (kept.birthDate.isEmpty())
        kept.birthDate = gone.birthDate;
    if (kept.sex == Sex::Unknown)
        kept.sex = gone.sex;
    if (kept.language.empty())
        kept.language = gone.language;
    if (!kept.deceased) {
        kept.deceased = gone.deceased;
        kept.deceasedOn = gone.deceasedOn;
    }
    return kept;
}

void restore(Json& document, std::string_view name, const std::optional<Json>& value)
{
    if (value)
        put(document, name, *value, kPatientOrder);
    else
        document.remove(name);
}

} // namespace

MovedReferences movePatientReferences(Json& document, const std::string& from, const std::string& to)
{
    MovedReferences result;
    forEachReference(document, [&](std::string& text) {
        const auto reference = parseReference(text);
        if (!reference || reference->type != "Patient")
            return;
        result.namedBoth = result.namedBoth || reference->id == to;
        if (reference->id != from)
            return;
        text = "Patient/" + to; // a version that was named is one of the other record
        ++result.moved;
    });
    return result;
}

Result<std::vector<DuplicatePair::Change>> takeOver(Json& kept, const Json& gone)
{
    const auto one = readPatient(kept);
    const auto other = readPatient(gone);
    if (!one || !other)
        return fail(one ? other.error() : one.error());
    const Json before = kept;
    writePatient(withWhatItLacks(*one, *other), kept);
    for (const std::string& person : relatedPersonsOf(gone)) // families
        addPatientLink(kept, {"RelatedPerson/" + person, "seealso"});
    std::vector<DuplicatePair::Change> changes;
    for (const std::string_view name : kTakenOver) {
        auto was = elementOf(before, name);
        auto now = elementOf(kept, name);
        if (was != now)
            changes.push_back({std::string(name), std::move(was), std::move(now)});
    }
    return changes;
}

bool takeOverRelations(Json& kept, const Json& gone, std::vector<DuplicatePair::Change>& changes)
{
    auto before = elementOf(kept, kLinks);
    for (const std::string& person : relatedPersonsOf(gone))
        addPatientLink(kept, {"RelatedPerson/" + person, "seealso"});
    auto after = elementOf(kept, kLinks);
    if (before == after)
        return false;
    const auto known =
        std::find_if(changes.begin(), changes.end(), [](const auto& each) { return each.element == kLinks; });
    if (known == changes.end() || !known->after || !known->after->isArray()) {
        std::erase_if(changes, [](const auto& each) { return each.element == kLinks; });
        changes.push_back({std::string(kLinks), std::move(before), std::move(after)});
        return true;
    }
    // Only these: what others have linked since is not taken back with them.
    const std::size_t stood = before ? before->items().size() : 0;
    for (std::size_t i = stood; i < after->items().size(); ++i)
        known->after->mutableItems().push_back(after->items()[i]);
    return true;
}

std::vector<std::string> giveBack(Json& kept, const std::vector<DuplicatePair::Change>& changes)
{
    std::vector<std::string> changedSince;
    for (const auto& [element, before, after] : changes) {
        if (elementOf(kept, element) == after) {
            restore(kept, element, before);
            continue;
        }
        if (element != kLinks) // of these, nobody's addition is touched
            changedSince.push_back(element);
        Json* now = kept.find(element);
        if (!now || !now->isArray() || !after || !after->isArray())
            continue;
        const Json::Array none;
        const Json::Array& stood = before && before->isArray() ? before->items() : none;
        auto& items = now->mutableItems();
        for (const Json& item : after->items()) {
            if (std::find(stood.begin(), stood.end(), item) != stood.end())
                continue;
            if (const auto added = std::find(items.begin(), items.end(), item); added != items.end())
                items.erase(added);
        }
        if (items.empty())
            kept.remove(element);
    }
    return changedSince;
}

void retire(Json& gone, const std::string& kept)
{
    put(gone, "active", Json(false), kPatientOrder);
    addPatientLink(gone, {"Patient/" + kept, "replaced-by"});
}

void reinstate(Json& gone, const std::string& kept, bool isActive)
{
    put(gone, "active", Json(isActive), kPatientOrder);
    removePatientLink(gone, {"Patient/" + kept, "replaced-by"});
}

} // namespace yarrow::fhir
