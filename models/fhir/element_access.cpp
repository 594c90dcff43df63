// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/element_access.h"

#include "models/fhir/element_identity.h"
#include "models/fhir/element_path.h"

#include <algorithm>
#include <iterator>
#include <span>

namespace yarrow::fhir {
namespace {

using Kind = PathSegment::Kind;
using Segments = std::span<const PathSegment>;

tl::unexpected<Error> leadsElsewhere(const PathSegment& segment, std::string_view expected)
{
    return fail(ErrorCode::InvalidArgument, (segment.name.empty() ? std::string("a group") : segment.name) +
                                                " is no " + std::string(expected));
}

bool hasKey(const PathSegment& segment, const Json& item)
{
    return itemKey(segment.name, item) == segment.key;
}

/// The items of the list that a segment names; none when the object has no such list.
Result<const Json::Array*> itemsOf(const Json& object, const PathSegment& segment)
{
    const Json& list = object[segment.name];
    if (!list.isArray() && object.contains(segment.name))
        return leadsElsewhere(segment, "list");
    return &list.items();
}

Result<std::optional<Json>> read(const Json& object, Segments path)
{
    const PathSegment& segment = path.front();
    if (!object.isObject())
        return leadsElsewhere(segment, "member of an object");
    if (segment.kind == Kind::Members) {
        Json::Object members;
        std::copy_if(object.members().begin(), object.members().end(), std::back_inserter(members),
                     [&](const Json::Member& member) { return hasMember(segment, member.name); });
        return members.empty() ? std::nullopt : std::optional(Json(std::move(members)));
    }
    const Json* found = nullptr;
    if (segment.kind == Kind::Member) {
        found = object.find(segment.name);
    } else {
        const auto list = itemsOf(object, segment);
        if (!list)
            return fail(list.error());
        Json::Array items;
        for (const Json& item : **list) {
            if (!hasKey(segment, item))
                continue;
            if (segment.kind == Kind::Item) {
                found = &item;
                break;
            }
            items.push_back(item);
        }
        if (segment.kind == Kind::Items)
            return items.empty() ? std::nullopt : std::optional(Json(std::move(items)));
    }
    if (found == nullptr)
        return std::nullopt;
    if (path.size() > 1)
        return read(*found, path.subspan(1));
    return *found;
}

Result<void> write(Json& object, Segments path, const std::optional<Json>& value);

Result<void> writeMembers(Json& object, const PathSegment& segment, const std::optional<Json>& value)
{
    static const Json kNone = Json::object();
    const Json& wanted = value ? *value : kNone;
    const bool fits = wanted.isObject() && std::all_of(wanted.members().begin(), wanted.members().end(),
                                                       [&](const Json::Member& member) {
                                                           return hasMember(segment, member.name);
                                                       });
    if (!fits)
        return fail(ErrorCode::InvalidArgument, "the value has members outside the group");
    std::erase_if(object.mutableMembers(), [&](const Json::Member& member) {
        return hasMember(segment, member.name) && !wanted.contains(member.name);
    });
    for (const Json::Member& member : wanted.members())
        object.set(member.name, member.value);
    return {};
}

/// Puts the new items in the places of those with the key, of the first of them or of all, and what has no
/// place behind the last.
Result<void> writeItems(Json& object, const PathSegment& segment, const std::optional<Json>& value)
{
    const bool all = segment.kind == Kind::Items;
    if (value && (all ? !value->isArray() : !value->isObject()))
        return fail(ErrorCode::InvalidArgument, all ? "the value is no list" : "the value is no object");
    const auto list = itemsOf(object, segment);
    if (!list)
        return fail(list.error());
    Json::Array fresh;
    if (value && all)
        fresh = value->items();
    else if (value)
        fresh.push_back(*value);

    Json::Array items;
    std::size_t replaced = 0;
    std::size_t used = 0;
    std::size_t behindLast = (*list)->size();
    for (const Json& item : **list) {
        if ((replaced > 0 && !all) || !hasKey(segment, item)) {
            items.push_back(item);
            continue;
        }
        ++replaced;
        if (used < fresh.size())
            items.push_back(std::move(fresh[used++]));
        behindLast = items.size();
    }
    items.insert(items.begin() + static_cast<std::ptrdiff_t>(behindLast),
                 std::make_move_iterator(fresh.begin() + static_cast<std::ptrdiff_t>(used)),
                 std::make_move_iterator(fresh.end()));
    if (!items.empty())
        object.set(segment.name, Json(std::move(items)));
    else if (replaced > 0)
        object.remove(segment.name);
    return {};
}

/// Goes on in the member or item that the first segment names. What it leaves empty goes with it: FHIR has no
/// empty objects and lists.
Result<void> writeInside(Json& object, Segments path, const std::optional<Json>& value)
{
    const PathSegment& segment = path.front();
    Json* inner = nullptr;
    if (segment.kind == Kind::Member) {
        inner = object.find(segment.name);
        if (inner == nullptr && value)
            inner = &object.set(segment.name, Json::object());
    } else {
        const auto list = itemsOf(object, segment);
        if (!list)
            return fail(list.error());
        const auto found = std::find_if((*list)->begin(), (*list)->end(),
                                        [&](const Json& item) { return hasKey(segment, item); });
        if (found != (*list)->end())
            inner = &object.find(segment.name)
                         ->mutableItems()[static_cast<std::size_t>(found - (*list)->begin())];
        if (inner == nullptr && value) {
            // Only an item without any key can be made again; it may have gone because it was left empty.
            if (!hasKey(segment, Json::object()))
                return fail(ErrorCode::NotFound, segment.name);
            inner = &object.arrayAt(segment.name).append(Json::object());
        }
    }
    if (inner == nullptr)
        return {};
    if (auto written = write(*inner, path.subspan(1), value); !written)
        return written;
    if (value || !inner->members().empty())
        return {};
    if (segment.kind == Kind::Member) {
        object.remove(segment.name);
        return {};
    }
    auto& items = object.find(segment.name)->mutableItems();
    items.erase(items.begin() + (inner - items.data()));
    if (items.empty())
        object.remove(segment.name);
    return {};
}

Result<void> write(Json& object, Segments path, const std::optional<Json>& value)
{
    const PathSegment& segment = path.front();
    if (!object.isObject())
        return leadsElsewhere(segment, "member of an object");
    if (path.size() > 1)
        return writeInside(object, path, value);
    switch (segment.kind) {
    case Kind::Member:
        if (value)
            object.set(segment.name, *value);
        else
            object.remove(segment.name);
        return {};
    case Kind::Members:
        return writeMembers(object, segment, value);
    default:
        return writeItems(object, segment, value);
    }
}

} // namespace

Result<Json> withElement(Json document, std::string_view path, const std::optional<Json>& value)
{
    const auto segments = parsePath(path);
    if (!segments)
        return fail(segments.error());
    if (segments->empty()) {
        if (!value || !value->isObject())
            return fail(ErrorCode::InvalidArgument, "a document is an object");
        return *value;
    }
    if (auto written = write(document, *segments, value); !written)
        return fail(written.error());
    return document;
}

Result<std::optional<Json>> elementAt(const Json& document, std::string_view path)
{
    const auto segments = parsePath(path);
    if (!segments)
        return fail(segments.error());
    if (segments->empty())
        return document;
    return read(document, *segments);
}

} // namespace yarrow::fhir
