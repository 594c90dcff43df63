// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// FHIR-like documents and edits of them, for properties of the merge. Values that are edited in place are
/// unique (`v17`), so that each can be followed from the inputs to the result; what identifies items comes
/// from small sets, so that items meet.
namespace mergetest {

using yarrow::Json;

inline int below(int end)
{
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, end));
}

inline bool oneIn(int chances)
{
    return below(chances) == 0;
}

class DocumentSource
{
public:
    /// `editsKeys`: edits may change what identifies an item, so that it becomes another one.
    explicit DocumentSource(bool editsKeys)
        : m_editsKeys(editsKeys)
    {}

    Json document()
    {
        Json made = Json::object();
        static const std::vector<const char*> kTypes{"Patient", "Appointment", "Condition", "Practitioner",
                                                     "Observation"};
        made.set("resourceType", kTypes[static_cast<std::size_t>(below(5))]);
        made.set("id", "d1");
        for (const char* name :
             {"meta",        "text",          "contained", "extension",     "identifier",
              "active",      "status",        "name",      "telecom",       "birthDate",
              "deceased",    "address",       "contact",   "communication", "generalPractitioner",
              "link",        "category",      "code",      "start",         "end",
              "participant", "availableTime", "note",      "section",       "item",
              "x-other"}) {
            if (oneIn(2))
                add(made, name);
        }
        return made;
    }

    /// Some edits at random places; the id and the type stay.
    Json edited(Json document, int most)
    {
        const int count = below(most + 1);
        for (int i = 0; i < count; ++i)
            edit(document, true);
        return document;
    }

private:
    Json unique() { return Json("v" + std::to_string(m_next++)); }

    static Json oneOf(std::initializer_list<const char*> texts)
    {
        return Json(*(texts.begin() + below(static_cast<int>(texts.size()))));
    }

    static Json object(std::initializer_list<std::pair<const char*, Json>> members)
    {
        Json made = Json::object();
        for (const auto& [name, value] : members) {
            if (!value.isNull())
                made.set(name, value);
        }
        return made;
    }

    /// The value half of the time.
    static Json maybe(Json value) { return oneIn(2) ? std::move(value) : Json(); }

    static Json reference(const char* type)
    {
        return object({{"reference", Json(std::string(type) + "/" + std::to_string(below(4)))}});
    }

    Json codeableConcept()
    {
        return object(
            {{"coding", Json(Json::Array{object({{"system", Json("s")}, {"code", oneOf({"1", "2", "3"})}})})},
             {"text", maybe(unique())}});
    }

    Json itemOf(const std::string& list)
    {
        if (list == "contained")
            return object({{"resourceType", oneOf({"Slot", "Patient"})},
                           {"id", oneOf({"a", "b", "c"})},
                           {"start", maybe(unique())},
                           {"status", maybe(unique())}});
        if (list == "extension" && oneIn(3))
            return object(
                {{"url", oneOf({"u,1", "u]2"})}, {"extension", Json(Json::Array{itemOf("inner")})}});
        if (list == "extension" || list == "inner")
            return object(
                {{"url", oneOf({"u,1", "u]2", "u\\3"})}, {oneIn(2) ? "valueString" : "valueCode", unique()}});
        if (list == "identifier")
            return object({{"use", maybe(oneOf({"old", "usual"}))},
                           {"system", oneOf({"s", "t"})},
                           {"value", unique()}});
        if (list == "name")
            return object({{"use", maybe(oneOf({"official", "nickname"}))},
                           {"family", maybe(unique())},
                           {"given", Json(Json::Array{unique()})}});
        if (list == "telecom")
            return object({{"id", oneIn(6) ? oneOf({"i", "j"}) : Json()},
                           {"system", oneOf({"phone", "email"})},
                           {"use", maybe(oneOf({"home", "mobile"}))},
                           {"value", unique()},
                           {"rank", maybe(unique())}});
        if (list == "address")
            return object({{"use", oneOf({"home", "work"})},
                           {"city", unique()},
                           {"line", Json(Json::Array{unique()})}});
        if (list == "contact")
            return object(
                {{"relationship", maybe(Json(Json::Array{codeableConcept()}))}, {"name", itemOf("name")}});
        if (list == "communication")
            return object({{"language", codeableConcept()}, {"preferred", maybe(unique())}});
        if (list == "generalPractitioner")
            return reference("Practitioner");
        if (list == "link")
            return object({{"other", reference("Patient")}, {"type", unique()}});
        if (list == "category")
            return codeableConcept();
        if (list == "participant")
            return object({{"actor", reference("Practitioner")}, {"status", unique()}});
        if (list == "note")
            return object({{"time", oneOf({"t1", "t2"})}, {"text", unique()}});
        if (list == "section")
            return object({{"title", oneOf({"a", "b"})},
                           {"text", object({{"status", Json("additional")}, {"div", unique()}})}});
        if (list == "item")
            return object({{"linkId", oneOf({"1", "2", "3", "4", "5", "6"})}, {"text", maybe(unique())}});
        return object({{"anything", unique()}});
    }

    void add(Json& document, const std::string& name)
    {
        if (name == "meta") {
            document.set(
                name,
                object({{"versionId", unique()}, {"source", maybe(unique())}, {"profile", maybe(unique())}}));
        } else if (name == "text") {
            document.set(name, object({{"status", Json("generated")}, {"div", unique()}}));
        } else if (name == "deceased") {
            document.remove("deceasedBoolean");
            document.set(oneIn(2) ? "deceasedDateTime" : "deceasedBoolean", unique());
        } else if (name == "birthDate" || name == "start") {
            document.set(name, unique());
            if (oneIn(2))
                document.set("_" + name, object({{"id", unique()}}));
        } else if (name == "active" || name == "status" || name == "end") {
            document.set(name, unique());
        } else if (name == "code" || name == "x-other") {
            document.set(name, name == "code"
                                   ? codeableConcept()
                                   : object({{"deep", object({{"a", unique()}, {"b", unique()}})}}));
        } else {
            Json list = Json::array();
            for (int count = 1 + below(4); count > 0; --count)
                list.append(itemOf(name));
            document.set(name, std::move(list));
        }
    }

    void editList(Json& list, const std::string& name)
    {
        auto& items = list.mutableItems();
        const auto place = static_cast<std::ptrdiff_t>(below(static_cast<int>(items.size())));
        switch (below(5)) {
        case 0:
            items.insert(items.begin() + place, items.front().isObject() ? itemOf(name) : unique());
            break;
        case 1:
            if (items.size() > 1)
                items.erase(items.begin() + place);
            break;
        case 2:
            std::rotate(items.begin(), items.begin() + place, items.end());
            break;
        default:
            if (items[static_cast<std::size_t>(place)].isObject())
                edit(items[static_cast<std::size_t>(place)], false);
            else
                items[static_cast<std::size_t>(place)] = unique();
        }
    }

    void edit(Json& object, bool isDocument)
    {
        if (isDocument && oneIn(4)) {
            add(object,
                *rc::gen::element<std::string>("deceased", "birthDate", "telecom", "identifier", "active",
                                               "note", "link", "participant", "text", "code", "meta"));
            return;
        }
        auto& members = object.mutableMembers();
        std::vector<std::size_t> editable;
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (members[i].name != "resourceType" && !(isDocument && members[i].name == "id") &&
                (m_editsKeys || !isKey(members[i].name)))
                editable.push_back(i);
        }
        if (editable.empty())
            return;
        const std::size_t at = editable[static_cast<std::size_t>(below(static_cast<int>(editable.size())))];
        if (oneIn(6) && members.size() > 1)
            members.erase(members.begin() + static_cast<std::ptrdiff_t>(at));
        else if (oneIn(8))
            std::rotate(members.begin() + (isDocument ? 1 : 0),
                        members.begin() + static_cast<std::ptrdiff_t>(at), members.end());
        else if (members[at].value.isObject())
            edit(members[at].value, false);
        else if (members[at].value.isArray())
            editList(members[at].value, members[at].name);
        else
            editScalar(members[at]);
    }

    static bool isKey(const std::string& name)
    {
        static const std::set<std::string> kKeys{"id",     "use",      "system", "url",      "code",
                                                 "coding", "linkId",   "time",   "title",    "relationship",
                                                 "other",  "language", "actor",  "reference"};
        return kKeys.contains(name);
    }

    void editScalar(Json::Member& member)
    {
        if (member.name == "use")
            member.value = oneOf({"home", "mobile", "old", "official"});
        else if (member.name != "url" && member.name != "system" && member.name != "reference" &&
                 member.name != "id")
            member.value = unique();
    }

    int m_next = 1;
    bool m_editsKeys;
};

struct Triple
{
    bool editsKeys;
    Json base;
    Json mine;
    Json theirs;
};

/// A base with edits of each side; some of them both sides made alike.
inline Triple anyTriple()
{
    const bool editsKeys = oneIn(3);
    DocumentSource source(editsKeys);
    Json base = source.document();
    const Json common = source.edited(base, oneIn(3) ? 2 : 0);
    Json mine = source.edited(common, 5);
    Json theirs = source.edited(common, 5);
    return {editsKeys, std::move(base), std::move(mine), std::move(theirs)};
}

} // namespace mergetest
