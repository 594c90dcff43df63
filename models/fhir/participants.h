// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "core/json.h"
#include "models/fhir/elements.h"
#include "models/fhir/references.h"

#include <string_view>

/// Who takes part in a Schedule or an Appointment: of each kind of actor the first in the list.
namespace yarrow::fhir {

/// How an item of the list holds the reference to its actor.
using ActorOf = std::string_view (*)(const Json& item);

/// The position of the first item whose actor is of that type; -1 when there is none.
[[nodiscard]] inline int findActor(const Json& list, std::string_view type, ActorOf actorOf) noexcept
{
    const auto& items = list.items();
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!referencedId(actorOf(items[i]), type).empty())
            return static_cast<int>(i);
    }
    return -1;
}

template <class Tag>
[[nodiscard]] Id<Tag> readActor(const Json& list, std::string_view type, ActorOf actorOf)
{
    const int at = findActor(list, type, actorOf);
    return at < 0 ? Id<Tag>() : Id<Tag>::known(std::string(referencedId(actorOf(list[at]), type)));
}

/// Another actor takes the place of the one before, with an item of its own; `makeItem(type, id)` gives it.
/// What the old item said (its answer, its period) was about somebody else.
template <class Tag>
void writeActor(Json& object, std::string_view listName, std::string_view type, ActorOf actorOf,
                const Id<Tag>& before, const Id<Tag>& after,
                Json (*makeItem)(std::string_view type, std::string_view id), ElementOrder order)
{
    if (before == after)
        return;
    const int at = findActor(object[listName], type, actorOf);
    Json* list = object.find(listName);
    if (after.isEmpty()) {
        auto& items = list->mutableItems();
        items.erase(items.begin() + at);
        if (items.empty())
            drop(object, listName);
    } else if (at >= 0) {
        list->mutableItems()[static_cast<std::size_t>(at)] = makeItem(type, after.text());
    } else {
        if (list == nullptr || !list->isArray())
            list = &put(object, listName, Json::array(), order);
        list->append(makeItem(type, after.text()));
    }
}

} // namespace yarrow::fhir
