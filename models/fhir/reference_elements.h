// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "models/fhir/datatypes_fhir.h"
#include "models/fhir/list_items.h"

#include <string>
#include <string_view>
#include <vector>

/// Elements that refer to records of one type, and `active`, as the records of the directory have them.
namespace yarrow::fhir {

[[nodiscard]] inline std::string_view referenceOf(const Json& item)
{
    return item["reference"].string();
}

/// The id that a single reference names, when it is of that type.
template <class Tag>
[[nodiscard]] Id<Tag> readReference(const ElementView& view, std::string_view name, std::string_view type)
{
    const std::string_view id = referencedId(view.object(name).string("reference"), type);
    return id.empty() ? Id<Tag>() : Id<Tag>::known(std::string(id));
}

template <class Tag>
void writeReference(Json& object, std::string_view name, std::string_view type, const Id<Tag>& before,
                    const Id<Tag>& after, ElementOrder order)
{
    if (before == after)
        return;
    if (after.isEmpty())
        drop(object, name);
    else
        put(object, name, makeReference(type, after.text()), order);
}

template <class Tag>
[[nodiscard]] std::vector<Id<Tag>> readReferenceList(const ElementView& view, std::string_view name,
                                                     std::string_view type)
{
    std::vector<Id<Tag>> ids;
    view.forEach(name, [&](const ElementView& item) {
        if (const auto id = referencedId(item.string("reference"), type); !id.empty())
            ids.push_back(Id<Tag>::known(std::string(id)));
    });
    return ids;
}

template <class Tag>
void writeReferenceList(Json& object, std::string_view name, std::string_view type,
                        const std::vector<Id<Tag>>& before, const std::vector<Id<Tag>>& after,
                        ElementOrder order)
{
    const auto positions = readReferences(object[name], type, referenceOf).positions;
    writeItems(object, name, order, before, after, positions, matchItems(before, after),
               [type](const Id<Tag>* old, const Id<Tag>& id, Json& item) {
                   if (!old)
                       item = makeReference(type, id.text());
               });
}

/// `active`, which new documents say in any case.
inline void writeActive(Json& document, bool isNew, bool before, bool after, ElementOrder order)
{
    if (isNew)
        put(document, "active", Json(after), order);
    writeBoolean(document, "active", before, after, order);
}

} // namespace yarrow::fhir
