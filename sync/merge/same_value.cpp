// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/merge/same_value.h"

#include "sync/merge/name_index.h"

#include <algorithm>
#include <vector>

namespace yarrow::sync {
namespace {

bool hasWord(std::string_view list, std::string_view word)
{
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(' '), list.size());
        if (list.substr(0, end) == word)
            return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

bool sameMembers(const Json::Object& a, const Json::Object& b)
{
    if (a.size() != b.size())
        return false;
    std::size_t inOrder = 0;
    for (; inOrder < a.size() && a[inOrder].name == b[inOrder].name; ++inOrder) {
        if (!sameValue(a[inOrder].value, b[inOrder].value))
            return false;
    }
    if (inOrder == a.size())
        return true;
    NameIndex names;
    for (const Json::Member& member : b)
        names.add(member.name);
    return std::all_of(a.begin() + static_cast<std::ptrdiff_t>(inOrder), a.end(),
                       [&](const Json::Member& member) {
                           const std::size_t at = names.find(member.name);
                           return at != NameIndex::kNone && sameValue(member.value, b[at].value);
                       });
}

void writeCanonical(const Json& value, std::string& out)
{
    if (value.isArray()) {
        out += '[';
        for (const Json& item : value.items()) {
            writeCanonical(item, out);
            out += ',';
        }
        out += ']';
    } else if (value.isObject()) {
        std::vector<const Json::Member*> members;
        members.reserve(value.members().size());
        for (const Json::Member& member : value.members())
            members.push_back(&member);
        std::sort(members.begin(), members.end(),
                  [](const Json::Member* a, const Json::Member* b) { return a->name < b->name; });
        out += '{';
        for (const Json::Member* member : members) {
            Json(std::string_view(member->name)).dumpTo(out);
            out += ':';
            writeCanonical(member->value, out);
            out += ',';
        }
        out += '}';
    } else {
        value.dumpTo(out);
    }
}

} // namespace

bool sameValue(const Json& a, const Json& b)
{
    if (a.type() != b.type())
        return false;
    if (a.isObject())
        return sameMembers(a.members(), b.members());
    if (a.isArray()) {
        return std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end(),
                          [](const Json& left, const Json& right) { return sameValue(left, right); });
    }
    return a == b;
}

bool sameValue(const Json* a, const Json* b)
{
    if (a == nullptr || b == nullptr)
        return a == b;
    return a == b || sameValue(*a, *b);
}

bool sameBut(const Json& a, const Json& b, std::string_view ignored)
{
    NameIndex names;
    std::vector<const Json*> values;
    for (const Json::Member& member : b.members()) {
        if (hasWord(ignored, member.name))
            continue;
        names.add(member.name);
        values.push_back(&member.value);
    }
    std::size_t found = 0;
    for (const Json::Member& member : a.members()) {
        if (hasWord(ignored, member.name))
            continue;
        const std::size_t at = names.find(member.name);
        if (at == NameIndex::kNone || !sameValue(member.value, *values[at]))
            return false;
        ++found;
    }
    return found == names.size();
}

std::string canonicalText(const Json& value)
{
    std::string text;
    writeCanonical(value, text);
    return text;
}

} // namespace yarrow::sync
