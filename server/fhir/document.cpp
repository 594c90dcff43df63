// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/document.h"

#include "server/fhir/document_check.h"
#include "server/fhir/outcome.h"
#include "server/fhir/reference.h"
#include "server/fhir/reference_walk.h"
#include "server/json/text_edits.h"

#include <algorithm>

namespace yarrow::server::fhir {
namespace {

bool isVitalSign(JsonView observation)
{
    for (const JsonView category : observation["category"].items()) {
        const auto codings = category["coding"].items();
        if (std::any_of(codings.begin(), codings.end(),
                        [](JsonView coding) { return coding["code"].says("vital-signs"); }))
            return true;
    }
    return false;
}

Area areaOfTask(JsonView task)
{
    const std::string text = task["focus"]["reference"].string();
    if (const auto focus = parseReference(text))
        return areaOfType(focus->type);
    return areaOfType(task["focus"]["type"].string());
}

/// The root of a stored document's text.
JsonDocument parsedAgain(std::string_view text)
{
    auto document = JsonDocument::parse(std::string(text));
    return std::move(document.value()); // throws for a text that readDocument() has not seen
}

TextEdit insertion(std::size_t offset, std::string text)
{
    return {offset, 0, std::move(text)};
}

std::size_t endOf(JsonView value)
{
    return value.offset() + value.raw().size();
}

std::string member(std::string_view name, std::string_view value)
{
    return fhir::quoted(name) + ':' + fhir::quoted(value);
}

} // namespace

Result<Document> readDocument(JsonView resource)
{
    if (!resource.isObject())
        return refuse(400, "not-a-resource", "A FHIR resource, which is a JSON object, is expected.");
    Document document;
    document.type = resource["resourceType"].string();
    if (!isResourceType(document.type))
        return refuse(422, "unknown-type", "The element resourceType must name a resource type of FHIR R4.",
                      "Resource.resourceType");
    if (!isStoredType(document.type))
        return refuse(422, "type-not-kept", "This server keeps no resources of this type.", document.type);
    document.id = resource["id"].string();
    if (resource["id"].exists() && !isFhirId(document.id))
        return refuse(422, "bad-id", "An id has 1 to 64 letters, digits, hyphens and points.",
                      document.type + ".id");
    if (resource["meta"].exists() && !resource["meta"].isObject())
        return refuse(422, "bad-value", "The element must be an object.", document.type + ".meta");
    if (auto done = checkElements(document.type, resource); !done)
        return tl::unexpected(std::move(done.error()));
    if (auto done = checkReferences(resource); !done)
        return tl::unexpected(std::move(done.error()));
    auto index = indexValuesOf(document.type, resource);
    if (!index)
        return tl::unexpected(std::move(index.error()));
    document.index = std::move(*index);
    document.area = areaOf(resource);
    document.text = resource.raw();
    return document;
}

std::string withMeta(std::string_view text, std::string_view versionId, std::string_view lastUpdated)
{
    const JsonDocument document = parsedAgain(text);
    const JsonView root = document.root();
    const JsonView meta = root["meta"];
    if (!meta.isObject()) {
        const JsonView before = root["id"].exists() ? root["id"] : root["resourceType"];
        return edited(text, {insertion(endOf(before), R"(,"meta":{)" + member("versionId", versionId) + ',' +
                                                          member("lastUpdated", lastUpdated) + '}')});
    }
    std::vector<TextEdit> edits;
    std::string added;
    for (const auto& [name, value] :
         {std::pair("versionId", versionId), std::pair("lastUpdated", lastUpdated)}) {
        if (const JsonView old = meta[name]; old.exists())
            edits.push_back({old.offset(), old.raw().size(), fhir::quoted(value)});
        else
            added += (added.empty() ? "" : ",") + member(name, value);
    }
    if (!added.empty())
        edits.push_back(insertion(meta.offset() + 1, added + (meta.size() > 0 ? "," : "")));
    return edited(text, std::move(edits));
}

std::string withId(std::string_view text, std::string_view id)
{
    const JsonDocument document = parsedAgain(text);
    const JsonView root = document.root();
    if (const JsonView old = root["id"]; old.exists())
        return edited(text, {{old.offset(), old.raw().size(), fhir::quoted(id)}});
    return edited(text, {insertion(endOf(root["resourceType"]), ',' + member("id", id))});
}

Area areaOf(JsonView resource)
{
    const std::string type = resource["resourceType"].string();
    if (type == "Observation" && isVitalSign(resource))
        return Area::Vitals;
    if (type == "Device" && !resource["patient"].exists())
        return Area::Directory;
    return type == "Task" ? areaOfTask(resource) : areaOfType(type);
}

} // namespace yarrow::server::fhir
