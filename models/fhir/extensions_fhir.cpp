// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/datatypes_fhir.h"

#include <algorithm>

namespace yarrow::fhir {

const Json* findExtension(const Json& object, std::string_view url) noexcept
{
    const auto& extensions = object["extension"].items();
    const auto found = std::find_if(extensions.begin(), extensions.end(), [url](const Json& extension) {
        return extension["url"].string() == url;
    });
    return found == extensions.end() ? nullptr : &*found;
}

Json& extensionAt(Json& object, std::string_view url, ElementOrder order)
{
    Json* extensions = object.find("extension");
    if (extensions == nullptr || !extensions->isArray())
        extensions = &put(object, "extension", Json::array(), order);
    for (Json& extension : extensions->mutableItems()) {
        if (extension["url"].string() == url)
            return extension;
    }
    Json& extension = extensions->append(Json::object());
    extension.set("url", Json(url));
    return extension;
}

void dropExtension(Json& object, std::string_view url)
{
    Json* extensions = object.find("extension");
    if (extensions == nullptr || !extensions->isArray())
        return;
    std::erase_if(extensions->mutableItems(),
                  [url](const Json& extension) { return extension["url"].string() == url; });
    if (extensions->items().empty())
        object.remove("extension");
}

Json makeReference(std::string_view type, std::string_view id)
{
    Json reference = Json::object();
    reference.set("reference", Json(std::string(type).append("/").append(id)));
    return reference;
}

Json makeCoding(std::string_view system, std::string_view code)
{
    Json coding = Json::object();
    coding.set("system", Json(system));
    coding.set("code", Json(code));
    return coding;
}

ReferenceList readReferences(const Json& list, std::string_view type,
                             std::string_view (*reference)(const Json& item))
{
    ReferenceList result;
    for (std::size_t i = 0; i < list.items().size(); ++i) {
        const std::string_view id = referencedId(reference(list[i]), type);
        if (id.empty())
            continue;
        result.ids.emplace_back(id);
        result.positions.push_back(i);
    }
    return result;
}

} // namespace yarrow::fhir
