// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "models/fhir/elements.h"

#include <cstddef>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

/// Writing a list of values over the list of elements they were read from, so that each element keeps what
/// Yarrow does not know about it.
namespace yarrow::fhir {

/// For each of `after` the index of the one of `before` it was made from, or nothing for a new one. Equal
/// ones are paired first, then by each of the rules `same(before, after)` in turn, always in order.
template <class T, class... Same>
[[nodiscard]] std::vector<std::optional<std::size_t>> matchItems(const std::vector<T>& before,
                                                                 const std::vector<T>& after, Same... same)
{
    std::vector<std::optional<std::size_t>> origin(after.size());
    std::vector<bool> taken(before.size(), false);
    const auto pair = [&](auto&& rule) {
        for (std::size_t to = 0; to < after.size(); ++to) {
            for (std::size_t from = 0; from < before.size() && !origin[to]; ++from) {
                if (!taken[from] && rule(before[from], after[to])) {
                    origin[to] = from;
                    taken[from] = true;
                }
            }
        }
    };
    pair([](const T& a, const T& b) { return a == b; });
    (pair(same), ...);
    return origin;
}

/// Writes `after` over the list. `positions` tells where in the list each of `before` was read; elements in
/// between that were not read stay. `write(const T* before, const T& after, Json& element)` changes one
/// element; for a new one `before` is nullptr and the element an empty object. `matches` comes from
/// matchItems().
template <class T, class Write>
void writeItems(Json& object, std::string_view name, ElementOrder order, const std::vector<T>& before,
                const std::vector<T>& after, std::span<const std::size_t> positions,
                const std::vector<std::optional<std::size_t>>& matches, Write&& write)
{
    if (before == after)
        return;
    Json::Array old;
    if (Json* list = object.find(name); list != nullptr && list->isArray())
        old = std::move(list->mutableItems());
    std::vector<bool> wasRead(old.size(), false);
    for (const std::size_t position : positions)
        wasRead[position] = true;

    Json::Array fresh;
    for (std::size_t i = 0; i < after.size(); ++i) {
        const auto from = matches[i];
        Json element = from ? old[positions[*from]] : Json::object();
        write(from ? &before[*from] : nullptr, after[i], element);
        fresh.push_back(std::move(element));
    }

    Json::Array result;
    std::size_t next = 0;
    for (std::size_t i = 0; i < old.size(); ++i) {
        if (!wasRead[i])
            result.push_back(std::move(old[i]));
        else if (next < fresh.size())
            result.push_back(std::move(fresh[next++]));
    }
    for (; next < fresh.size(); ++next)
        result.push_back(std::move(fresh[next]));

    if (result.empty())
        drop(object, name);
    else
        put(object, name, Json(std::move(result)), order);
}

/// The same for a list of which every element was read.
template <class T, class Write>
void writeItems(Json& object, std::string_view name, ElementOrder order, const std::vector<T>& before,
                const std::vector<T>& after, const std::vector<std::optional<std::size_t>>& matches,
                Write&& write)
{
    std::vector<std::size_t> positions(before.size());
    std::iota(positions.begin(), positions.end(), std::size_t(0));
    writeItems(object, name, order, before, after, positions, matches, std::forward<Write>(write));
}

} // namespace yarrow::fhir
