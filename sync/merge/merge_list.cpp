// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/element_identity.h"
#include "models/fhir/element_path.h"
#include "sync/merge/merge_object.h"
#include "sync/merge/name_index.h"
#include "sync/merge/same_value.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace yarrow::sync {
namespace {

constexpr std::size_t kNone = NameIndex::kNone;
constexpr std::size_t kBase = 0;
constexpr std::size_t kMine = 1;
constexpr std::size_t kTheirs = 2;

const Json::Array& itemsOf(const Json* list) noexcept
{
    static const Json::Array kNoItems;
    return list ? list->items() : kNoItems;
}

/// Pairs items of `from` with items of `to`: those that say the same first, each once and in order. The
/// result has for each of `from` the position in `to`, or kNone.
std::vector<std::size_t> pairEqual(const std::vector<std::string>& from, const std::vector<std::string>& to)
{
    std::unordered_map<std::string_view, std::vector<std::size_t>> positions; // last first
    for (std::size_t i = to.size(); i-- > 0;)
        positions[to[i]].push_back(i);
    std::vector<std::size_t> partners(from.size(), kNone);
    for (std::size_t i = 0; i < from.size(); ++i) {
        const auto found = positions.find(from[i]);
        if (found == positions.end() || found->second.empty())
            continue;
        partners[i] = found->second.back();
        found->second.pop_back();
    }
    return partners;
}

/// Which of `count` are nobody's partner, in order.
std::vector<std::size_t> leftOver(const std::vector<std::size_t>& partners, std::size_t count)
{
    std::vector<bool> taken(count, false);
    for (const std::size_t partner : partners) {
        if (partner != kNone)
            taken[partner] = true;
    }
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < count; ++i) {
        if (!taken[i])
            left.push_back(i);
    }
    return left;
}

/// Like pairEqual(); then the rest is paired in order, as items that were edited in their place.
std::vector<std::size_t> pairInOrder(const std::vector<std::string>& from, const std::vector<std::string>& to)
{
    std::vector<std::size_t> partners = pairEqual(from, to);
    const std::vector<std::size_t> left = leftOver(partners, to.size());
    std::size_t next = 0;
    for (std::size_t& partner : partners) {
        if (partner == kNone && next < left.size())
            partner = left[next++];
    }
    return partners;
}

} // namespace

/// The items of three versions of a list, by their keys.
struct ElementMerge::Items
{
    /// An item of the result, with its position in each version; kNone where a version has none.
    struct Item
    {
        std::array<std::size_t, 3> at{kNone, kNone, kNone};
        Json value;
    };
    using Positions = std::vector<std::size_t>;

    explicit Items(const Versions& lists)
        : versions{&itemsOf(lists.base), &itemsOf(lists.mine), &itemsOf(lists.theirs)}
    {}

    /// False when there is an item that nothing identifies.
    bool sortByKey(std::string_view name)
    {
        for (std::size_t side = 0; side < 3; ++side) {
            m_keys[side].reserve(versions[side]->size());
            for (const Json& item : *versions[side]) {
                auto key = fhir::itemKey(name, item);
                if (!key)
                    return false;
                m_keys[side].push_back(std::move(*key));
            }
        }
        for (const std::size_t side : {kTheirs, kMine, kBase}) {
            for (std::size_t i = 0; i < m_keys[side].size(); ++i) {
                const std::size_t kind = keys.add(m_keys[side][i]);
                if (kind == positions.size())
                    positions.emplace_back();
                positions[kind][side].push_back(i);
            }
        }
        return true;
    }

    [[nodiscard]] const Json* at(std::size_t side, std::size_t position) const
    {
        return position == kNone ? nullptr : &(*versions[side])[position];
    }

    /// The numbers of the result's items in the order of one version.
    [[nodiscard]] std::vector<std::size_t> orderOf(std::size_t side) const
    {
        std::vector<std::size_t> numberAt(versions[side]->size(), kNone);
        for (std::size_t number = 0; number < result.size(); ++number) {
            if (result[number].at[side] != kNone)
                numberAt[result[number].at[side]] = number;
        }
        std::erase(numberAt, kNone);
        return numberAt;
    }

    /// Disputed items with one key stay in the order that theirs have, in the places that the list gives
    /// them.
    void putDisputedInOrder(std::vector<std::size_t>& order) const
    {
        for (const auto& [first, last] : disputed) {
            std::size_t next = first;
            for (std::size_t& number : order) {
                if (number >= first && number < last)
                    number = next++;
            }
        }
    }

    /// Whether the order differs from that of the base.
    [[nodiscard]] bool isReordered(const std::vector<std::size_t>& order) const
    {
        std::size_t last = 0;
        for (const std::size_t number : order) {
            const std::size_t position = result[number].at[kBase];
            if (position == kNone)
                continue;
            if (position < last)
                return true;
            last = position;
        }
        return false;
    }

    std::array<const Json::Array*, 3> versions;
    NameIndex keys;
    std::vector<std::array<Positions, 3>> positions; ///< by number of the key
    std::vector<Item> result;
    /// Where in the result disputed items with one key begin and end.
    std::vector<std::pair<std::size_t, std::size_t>> disputed;

private:
    std::array<std::vector<std::string>, 3> m_keys;
};

std::optional<Json> ElementMerge::list(std::string_view name, const Versions& versions)
{
    Items items(versions);
    if (!items.sortByKey(name)) {
        dispute(copyOf(versions.base), copyOf(versions.mine), copyOf(versions.theirs));
        return copyOf(versions.theirs);
    }
    for (std::size_t kind = 0; kind < items.positions.size(); ++kind) {
        const auto& positions = items.positions[kind];
        if (std::any_of(positions.begin(), positions.end(),
                        [](const auto& side) { return side.size() > 1; })) {
            alike(items, kind);
            continue;
        }
        Items::Item item;
        for (std::size_t side = 0; side < 3; ++side) {
            if (!positions[side].empty())
                item.at[side] = positions[side].front();
        }
        const std::size_t size = m_path.size();
        m_path.append("[").append(items.keys[kind]).append("]");
        auto merged = value(name, {items.at(kBase, item.at[kBase]), items.at(kMine, item.at[kMine]),
                                   items.at(kTheirs, item.at[kTheirs])});
        m_path.resize(size);
        if (merged) {
            item.value = std::move(*merged);
            items.result.push_back(std::move(item));
        }
    }
    if (items.result.empty())
        return std::nullopt;

    const std::vector<std::size_t> mine = items.orderOf(kMine);
    const std::vector<std::size_t> theirs = items.orderOf(kTheirs);
    const bool mineOrders = items.isReordered(mine) && !items.isReordered(theirs);
    std::vector<std::size_t> order =
        interleaved(mineOrders ? mine : theirs, mineOrders ? theirs : mine, items.result.size());
    items.putDisputedInOrder(order);
    Json::Array merged;
    merged.reserve(order.size());
    for (const std::size_t number : order)
        merged.push_back(std::move(items.result[number].value));
    return Json(std::move(merged));
}

/// Items with one key. They are paired by guess, so they are never mixed: each comes whole from one side, and
/// when the sides do not agree about one, all of them are one dispute.
void ElementMerge::alike(Items& items, std::size_t kind)
{
    const auto& positions = items.positions[kind];
    std::array<std::vector<std::string>, 3> texts;
    for (std::size_t side = 0; side < 3; ++side) {
        for (const std::size_t position : positions[side])
            texts[side].push_back(canonicalText((*items.versions[side])[position]));
    }
    std::vector<Items::Item> result;
    const auto add = [&](std::size_t side, std::size_t base, std::size_t mine, std::size_t theirs) {
        const auto at = [&](std::size_t of, std::size_t index) {
            return index == kNone ? kNone : positions[of][index];
        };
        Items::Item item{{at(kBase, base), at(kMine, mine), at(kTheirs, theirs)}, {}};
        item.value = *items.at(side, item.at[side]);
        result.push_back(std::move(item));
    };

    const auto inMine = pairInOrder(texts[kBase], texts[kMine]);
    const auto inTheirs = pairInOrder(texts[kBase], texts[kTheirs]);
    bool agree = true;
    for (std::size_t base = 0; base < texts[kBase].size(); ++base) {
        const std::size_t mine = inMine[base];
        const std::size_t theirs = inTheirs[base];
        const std::string& text = texts[kBase][base];
        const bool mineKept = mine != kNone && texts[kMine][mine] == text;
        const bool theirsKept = theirs != kNone && texts[kTheirs][theirs] == text;
        if (mineKept || theirsKept) {
            const std::size_t side = mineKept ? kTheirs : kMine;
            if ((mineKept ? theirs : mine) != kNone)
                add(side, base, mine, theirs);
        } else if (mine != kNone && theirs != kNone && texts[kMine][mine] == texts[kTheirs][theirs]) {
            add(kTheirs, base, mine, theirs);
        } else if (mine != kNone || theirs != kNone) {
            agree = false;
        }
    }

    const auto newInMine = leftOver(inMine, texts[kMine].size());
    const auto newInTheirs = leftOver(inTheirs, texts[kTheirs].size());
    const auto textsOf = [&](std::size_t side, const std::vector<std::size_t>& indexes) {
        std::vector<std::string> chosen;
        for (const std::size_t index : indexes)
            chosen.push_back(texts[side][index]);
        return chosen;
    };
    const auto twins = pairEqual(textsOf(kTheirs, newInTheirs), textsOf(kMine, newInMine));
    const auto onlyMine = leftOver(twins, newInMine.size());
    const bool onlyTheirs = std::find(twins.begin(), twins.end(), kNone) != twins.end();
    agree = agree && (onlyMine.empty() || !onlyTheirs);

    if (agree) {
        for (std::size_t i = 0; i < twins.size(); ++i)
            add(kTheirs, kNone, twins[i] == kNone ? kNone : newInMine[twins[i]], newInTheirs[i]);
        for (const std::size_t i : onlyMine)
            add(kMine, kNone, newInMine[i], kNone);
    } else {
        std::array<std::optional<Json>, 3> all;
        for (std::size_t side = 0; side < 3; ++side) {
            for (const std::size_t position : positions[side]) {
                if (!all[side])
                    all[side] = Json::array();
                all[side]->append((*items.versions[side])[position]);
            }
        }
        const std::size_t size = m_path.size();
        const std::string_view key = items.keys[kind];
        m_path.append("[").append(key).append(key.empty() ? "*]" : ",*]");
        dispute(std::move(all[kBase]), std::move(all[kMine]), std::move(all[kTheirs]));
        m_path.resize(size);
        result.clear();
        for (std::size_t i = 0; i < texts[kTheirs].size(); ++i)
            add(kTheirs, kNone, kNone, i);
        items.disputed.emplace_back(items.result.size(), items.result.size() + result.size());
    }
    for (Items::Item& item : result)
        items.result.push_back(std::move(item));
}

} // namespace yarrow::sync
