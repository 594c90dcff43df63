// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/foreign/creation_mark.h"

namespace yarrow::sync {
namespace {

constexpr std::string_view kOperationSystem = "https://yarrow.example/fhir/operation";

bool isMark(const Json& tag)
{
    return tag["system"].string() == kOperationSystem;
}

} // namespace

std::optional<CreationMark> markOf(const Json& document)
{
    std::optional<CreationMark> mark;
    for (const Json& tag : document["meta"]["tag"].items()) {
        if (isMark(tag))
            mark = CreationMark{std::string(tag["code"].string()), std::string(tag["display"].string())};
    }
    return mark;
}

Json forCreation(Json document, const CreationMark& mark)
{
    document.remove("id");
    Json tag = Json::object();
    tag.set("system", kOperationSystem);
    tag.set("code", mark.operation);
    tag.set("display", mark.localId);
    document = withoutMark(std::move(document));
    if (document.find("meta") == nullptr)
        document.insert("meta", Json::object(), "implicitRules language text contained extension");
    Json& meta = document.objectAt("meta");
    meta.remove("versionId");
    meta.remove("lastUpdated");
    meta.arrayAt("tag").append(std::move(tag));
    return document;
}

Json withoutMark(Json document)
{
    Json* meta = document.find("meta");
    Json* tags = meta != nullptr ? meta->find("tag") : nullptr;
    if (tags == nullptr || !tags->isArray())
        return document;
    std::erase_if(tags->mutableItems(), isMark);
    if (tags->items().empty())
        meta->remove("tag");
    return document;
}

std::string queryForMark(std::string_view operation)
{
    return "_tag=" + encoded(std::string(kOperationSystem) + "|" + std::string(operation));
}

std::string queryForIdentifier(const Json& document)
{
    for (const Json& identifier : document["identifier"].items()) {
        const std::string_view system = identifier["system"].string();
        const std::string_view value = identifier["value"].string();
        if (!system.empty() && !value.empty())
            return "identifier=" + encoded(std::string(system) + "|" + std::string(value));
    }
    return {};
}

std::string encoded(std::string_view text)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string out;
    for (const char c : text) {
        if (kPlain.find(c) != std::string_view::npos) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out.append(1, '%').append(1, kHex[byte >> 4U]).append(1, kHex[byte & 0xfU]);
        }
    }
    return out;
}

} // namespace yarrow::sync
