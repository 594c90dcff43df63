// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/protocol/feed_page.h"

#include "models/fhir/references.h"
#include "sync/protocol/write_bundle.h"

#include <charconv>

namespace yarrow::sync {
namespace {

constexpr std::string_view kExtensions = "https://yarrow.example/fhir/StructureDefinition/";

int statusOf(const Json& response) noexcept
{
    const std::string_view text = response["status"].string();
    int status = 0;
    std::from_chars(text.data(), text.data() + text.size(), status);
    return status;
}

void readExtension(FeedPage& page, const Json& extension)
{
    std::string_view name = extension["url"].string();
    if (!name.starts_with(kExtensions))
        return;
    name.remove_prefix(kExtensions.size());
    const std::string_view value = extension["valueString"].string();
    if (name == "feed-epoch") {
        page.epoch = value;
    } else if (name == "feed-scope") {
        page.scope = value;
    } else if (name == "feed-digest") {
        page.digest = value;
    } else if (name == "feed-floor") {
        page.floor = extension["valueInstant"].string();
    } else if (name == "feed-count") {
        std::int64_t count = 0;
        if (std::from_chars(value.data(), value.data() + value.size(), count).ec == std::errc())
            page.count = count;
    }
}

/// Who made the version, as far as the server tells.
std::string authorOf(const Json& entry)
{
    for (const Json& extension : entry["extension"].items()) {
        std::string_view name = extension["url"].string();
        if (name.starts_with(kExtensions) && name.substr(kExtensions.size()) == "author")
            return std::string(extension["valueString"].string());
    }
    return {};
}

/// Takes the document out of the page.
Result<FeedEntry> readEntry(Json& json)
{
    FeedEntry entry;
    const Json& request = json["request"];
    const Json& response = json["response"];
    const int status = statusOf(response);
    if (Json* resource = json.find("resource"))
        entry.document = std::move(*resource);
    const bool deleted = request["method"].string() == "DELETE";
    if (deleted || entry.document.isNull()) {
        // Some servers say only in fullUrl what was deleted.
        auto name = fhir::parseReference(request["url"].string());
        if (!name)
            name = fhir::parseReference(json["fullUrl"].string());
        if (!name)
            return fail(ErrorCode::InvalidResource, "Bundle.entry.request.url: names no record");
        entry.type = name->type;
        entry.id = name->id;
        if (!deleted && status != 403)
            return fail(ErrorCode::InvalidResource, "Bundle.entry.resource: is missing");
        const Json& coding = response["outcome"]["issue"][0]["details"]["coding"][0];
        const bool erased = status == 410 && coding["code"].string() == kErased;
        entry.kind = status == 403 ? FeedEntry::Kind::LeftScope
                     : erased      ? FeedEntry::Kind::Erased
                                   : FeedEntry::Kind::Deleted;
        entry.document = Json();
    } else {
        entry.type = entry.document["resourceType"].string();
        entry.id = entry.document["id"].string();
    }
    entry.author = authorOf(json);
    const Json& meta = entry.document["meta"];
    entry.version = versionOfETag(response["etag"].string());
    if (entry.version.empty())
        entry.version = meta["versionId"].string();
    entry.lastUpdated = meta["lastUpdated"].string();
    if (entry.lastUpdated.empty())
        entry.lastUpdated = response["lastModified"].string();
    return entry;
}

bool isOutcome(const Json& entry)
{
    return entry["search"]["mode"].string() == "outcome" ||
           entry["resource"]["resourceType"].string() == "OperationOutcome";
}

} // namespace

std::string versionOfETag(std::string_view etag)
{
    if (etag.starts_with("W/"))
        etag.remove_prefix(2);
    if (etag.size() < 2 || etag.front() != '"' || etag.back() != '"')
        return {};
    return std::string(etag.substr(1, etag.size() - 2));
}

std::string extensionUrl(std::string_view name)
{
    return std::string(kExtensions).append(name);
}

Result<FeedPage> parseFeedPage(std::string_view body)
{
    auto bundle = Json::parse(body);
    if (!bundle)
        return fail(bundle.error());
    const std::string_view type = (*bundle)["type"].string();
    if ((*bundle)["resourceType"].string() != "Bundle" || (type != "history" && type != "searchset"))
        return fail(ErrorCode::InvalidResource, "not a Bundle of type history or searchset");
    FeedPage page;
    for (const Json& extension : (*bundle)["meta"]["extension"].items())
        readExtension(page, extension);
    for (const Json& link : (*bundle)["link"].items()) {
        if (link["relation"].string() == "next")
            page.next = std::string(link["url"].string());
    }
    if (Json* entries = bundle->find("entry"); entries != nullptr && entries->isArray()) {
        page.entries.reserve(entries->items().size());
        for (Json& json : entries->mutableItems()) {
            if (isOutcome(json))
                continue;
            auto entry = readEntry(json);
            if (!entry)
                return fail(entry.error());
            page.entries.push_back(std::move(*entry));
        }
    }
    return page;
}

} // namespace yarrow::sync
