// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/merge/merge_object.h"

#include "models/fhir/element_identity.h"
#include "models/fhir/element_path.h"
#include "sync/merge/name_index.h"
#include "sync/merge/same_value.h"

#include <algorithm>
#include <array>

namespace yarrow::sync {
namespace {

using fhir::ElementName;

/// The type of the resource that the versions are; empty when they are none, or not the same.
std::string_view resourceTypeOf(const Versions& versions) noexcept
{
    const std::string_view type = (*versions.base)["resourceType"].string();
    const bool agree = (*versions.mine)["resourceType"].string() == type &&
                       (*versions.theirs)["resourceType"].string() == type;
    return agree ? type : std::string_view();
}

bool isPlainMember(const ElementName& element, std::string_view member) noexcept
{
    return element.kind == ElementName::Kind::Plain && element.text == member;
}

std::string segmentOf(const ElementName& element)
{
    switch (element.kind) {
    case ElementName::Kind::Choice:
        return std::string(element.text);
    case ElementName::Kind::Group:
        return '{' + std::string(element.text) + '}';
    default:
        return '{' + fhir::pathName(element.text) + '}';
    }
}

} // namespace

/// The members of three objects, and the elements they are parts of.
struct ElementMerge::Members
{
    struct Member
    {
        Versions versions;
        std::size_t element = 0;
        std::optional<Json> merged;
    };
    struct Element
    {
        ElementName name;
        std::vector<std::size_t> members;
    };

    explicit Members(const Versions& versions)
        : objects(versions)
        , resourceType(resourceTypeOf(versions))
    {
        members.reserve(versions.theirs->members().size());
        elements.reserve(versions.theirs->members().size());
        // Theirs first, so that disputes come in the order of the document that people see.
        add(*versions.theirs, &Versions::theirs);
        add(*versions.mine, &Versions::mine);
        add(*versions.base, &Versions::base);
    }

    /// The members of one version that are of the element, as an object; nothing when it has none.
    [[nodiscard]] std::optional<Json> partOf(const Json& object, std::size_t element) const
    {
        Json::Object part;
        for (const Json::Member& member : object.members()) {
            if (members[names.find(member.name)].element == element)
                part.push_back(member);
        }
        return part.empty() ? std::nullopt : std::optional(Json(std::move(part)));
    }

    /// The numbers of the merged members in the order of one version.
    [[nodiscard]] std::vector<std::size_t> orderOf(const Json& object) const
    {
        std::vector<std::size_t> order;
        order.reserve(object.members().size());
        for (const Json::Member& member : object.members()) {
            if (const std::size_t number = names.find(member.name); members[number].merged)
                order.push_back(number);
        }
        return order;
    }

    Versions objects;
    std::string_view resourceType;
    NameIndex names;
    std::vector<Member> members; ///< numbered as the names
    std::vector<Element> elements;

private:
    void add(const Json& object, const Json* Versions::*side)
    {
        for (const Json::Member& member : object.members()) {
            const std::size_t number = names.add(member.name);
            if (number == members.size()) {
                members.emplace_back().element = elementFor(member.name);
                elements[members.back().element].members.push_back(number);
            }
            members[number].versions.*side = &member.value;
        }
    }

    std::size_t elementFor(std::string_view member)
    {
        const ElementName name = fhir::elementOf(resourceType, member);
        std::size_t known = NameIndex::kNone;
        if (name.kind == ElementName::Kind::Plain) {
            const std::size_t number = m_plain.add(name.text);
            if (number == m_plainElements.size())
                m_plainElements.push_back(elements.size());
            else
                known = m_plainElements[number];
        } else {
            const auto found = std::find_if(elements.begin(), elements.end(),
                                            [&](const Element& element) { return element.name == name; });
            if (found != elements.end())
                known = static_cast<std::size_t>(found - elements.begin());
        }
        if (known != NameIndex::kNone)
            return known;
        elements.push_back({name, {}});
        return elements.size() - 1;
    }

    NameIndex m_plain;
    std::vector<std::size_t> m_plainElements;
};

std::vector<std::size_t> interleaved(const std::vector<std::size_t>& first,
                                     const std::vector<std::size_t>& second, std::size_t count)
{
    std::vector<bool> isInFirst(count, false);
    for (const std::size_t number : first)
        isInFirst[number] = true;
    if (std::all_of(second.begin(), second.end(), [&](std::size_t number) { return isInFirst[number]; }))
        return first;
    // What only the second has, by what it follows; `count` stands for the beginning.
    std::vector<std::vector<std::size_t>> followers(count + 1);
    std::size_t last = count;
    for (const std::size_t number : second) {
        if (isInFirst[number])
            last = number;
        else
            followers[last].push_back(number);
    }
    std::vector<std::size_t> order = followers[count];
    for (const std::size_t number : first) {
        order.push_back(number);
        order.insert(order.end(), followers[number].begin(), followers[number].end());
    }
    return order;
}

Json ElementMerge::resource(const Versions& versions, bool mineTells)
{
    m_mineTells = mineTells;
    return object(versions, Place::Resource);
}

Json ElementMerge::object(const Versions& versions, Place place)
{
    Members all(versions);
    for (std::size_t element = 0; element < all.elements.size(); ++element)
        decide(all, element, place);

    Json::Object merged;
    merged.reserve(all.members.size());
    for (const std::size_t number :
         interleaved(all.orderOf(*versions.theirs), all.orderOf(*versions.mine), all.members.size()))
        merged.push_back({std::string(all.names[number]), std::move(*all.members[number].merged)});
    return merged;
}

void ElementMerge::decide(Members& all, std::size_t element, Place place)
{
    const Members::Element& chosen = all.elements[element];
    const std::string_view name = chosen.name.text;
    const auto take = [&](const Json* Versions::*side) {
        for (const std::size_t number : chosen.members)
            all.members[number].merged = copyOf(all.members[number].versions.*side);
    };
    if (place == Place::Resource && name == "text")
        return take(m_mineTells ? &Versions::mine : &Versions::theirs);
    if (place == Place::Meta && (name == "versionId" || name == "lastUpdated"))
        return take(&Versions::theirs);
    if (place == Place::Meta && name == "source")
        return take(all.objects.theirs->contains(name) ? &Versions::theirs : &Versions::mine);

    const std::size_t first = chosen.members.front();
    if (chosen.members.size() > 1 || !isPlainMember(chosen.name, all.names[first]))
        return decideTogether(all, element);
    const Versions& versions = all.members[first].versions;
    const PathScope scope(m_path, fhir::pathName(name));
    all.members[first].merged =
        place == Place::Resource && name == "meta" ? meta(versions) : value(name, versions);
}

void ElementMerge::decideTogether(Members& all, std::size_t element)
{
    const Members::Element& chosen = all.elements[element];
    const auto same = [&](const Json* Versions::*a, const Json* Versions::*b) {
        return std::all_of(chosen.members.begin(), chosen.members.end(), [&](std::size_t number) {
            const Versions& versions = all.members[number].versions;
            return sameValue(versions.*a, versions.*b);
        });
    };
    const Json* Versions::*side = &Versions::theirs;
    if (!same(&Versions::base, &Versions::mine)) {
        if (same(&Versions::base, &Versions::theirs)) {
            side = &Versions::mine;
        } else if (!same(&Versions::mine, &Versions::theirs)) {
            const PathScope scope(m_path, segmentOf(chosen.name));
            dispute(all.partOf(*all.objects.base, element), all.partOf(*all.objects.mine, element),
                    all.partOf(*all.objects.theirs, element));
        }
    }
    for (const std::size_t number : chosen.members)
        all.members[number].merged = copyOf(all.members[number].versions.*side);
}

std::optional<Json> ElementMerge::meta(const Versions& versions)
{
    static const Json kNone = Json::object();
    const auto orNone = [](const Json* side) { return side ? side : &kNone; };
    const Versions objects{orNone(versions.base), orNone(versions.mine), orNone(versions.theirs)};
    if (!objects.base->isObject() || !objects.mine->isObject() || !objects.theirs->isObject())
        return value("meta", versions);
    Json merged = object(objects, Place::Meta);
    if (merged.members().empty() && !versions.theirs)
        return std::nullopt;
    return merged;
}

std::optional<Json> ElementMerge::value(std::string_view name, const Versions& versions)
{
    if (sameValue(versions.base, versions.mine) || sameValue(versions.mine, versions.theirs))
        return copyOf(versions.theirs);
    if (sameValue(versions.base, versions.theirs))
        return copyOf(versions.mine);

    const std::array sides{versions.base, versions.mine, versions.theirs};
    // A missing list is one without items.
    if (std::all_of(sides.begin(), sides.end(), [](const Json* side) { return !side || side->isArray(); }))
        return list(name, versions);
    if (std::all_of(sides.begin(), sides.end(), [](const Json* side) { return side && side->isObject(); }) &&
        !fhir::isWhole(name, sides)) {
        const std::size_t disputes = m_disputes.size();
        Json merged = object(versions, Place::Inside);
        // FHIR has no empty objects; but a disputed member needs the one it belongs to.
        if (merged.members().empty() && m_disputes.size() == disputes)
            return std::nullopt;
        return merged;
    }
    dispute(copyOf(versions.base), copyOf(versions.mine), copyOf(versions.theirs));
    return copyOf(versions.theirs);
}

void ElementMerge::dispute(std::optional<Json> base, std::optional<Json> mine, std::optional<Json> theirs)
{
    m_disputes.push_back({m_path, std::move(base), std::move(mine), std::move(theirs)});
}

} // namespace yarrow::sync
