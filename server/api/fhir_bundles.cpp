// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/fhir_bundles.h"

#include "server/api/fhir_exchange.h"
#include "server/fhir/outcome.h"
#include "server/records/erasure.h"
#include "server/records/instant.h"

namespace yarrow::server::api {
namespace {

void appendLinks(std::string& text, const std::vector<Link>& links)
{
    text += R"("link":[)";
    for (std::size_t i = 0; i < links.size(); ++i) {
        text += i == 0 ? "" : ",";
        text.append(R"({"relation":")").append(links[i].relation).append(R"(","url":)");
        text.append(fhir::quoted(links[i].url)).append("}");
    }
    text += "]";
}

void appendExtension(std::string& text, std::string_view name, std::string_view kind, std::string_view value)
{
    text += text.back() == '[' ? "" : ",";
    text.append(R"({"url":"https://yarrow.example/fhir/StructureDefinition/)").append(name).append(R"(",")");
    text.append(kind).append("\":").append(fhir::quoted(value)).append("}");
}

const char* requestMethod(const records::Version& version)
{
    return version.method == "delete" ? "DELETE" : "PUT";
}

const char* statusOf(const records::Version& version)
{
    if (version.outOfScope)
        return "403 Forbidden";
    if (version.erased)
        return "410 Gone";
    return version.method == "create"   ? "201 Created"
           : version.method == "delete" ? "204 No Content"
                                        : "200 OK";
}

std::size_t sizeOf(const std::vector<records::Version>& versions)
{
    constexpr std::size_t kAround = 560; // what stands around a document
    std::size_t size = kAround;
    for (const records::Version& version : versions)
        size += version.body.size() + kAround;
    return size;
}

} // namespace

std::string historyBundle(const records::HistoryPage& page, const std::vector<Link>& links,
                          std::string_view scopeId, std::string_view fhirBase)
{
    std::string text;
    text.reserve(sizeOf(page.versions));
    text += R"({"resourceType":"Bundle","meta":{"extension":[)";
    appendExtension(text, "feed-epoch", "valueString", page.head.epoch);
    appendExtension(text, "feed-head", "valueInstant", instantOf(page.head.lastUpdated));
    appendExtension(text, "feed-floor", "valueInstant", instantOf(page.head.floorTime));
    appendExtension(text, "feed-scope", "valueString", scopeId);
    appendExtension(text, "feed-count", "valueString", std::to_string(page.summary.live));
    appendExtension(text, "feed-digest", "valueString", page.summary.hex());
    text += R"(]},"type":"history",)";
    appendLinks(text, links);
    for (std::size_t i = 0; i < page.versions.size(); ++i) {
        const records::Version& version = page.versions[i];
        text.append(i == 0 ? R"(,"entry":[)" : ",").append(R"({"fullUrl":")");
        text.append(fhirBase).append("/").append(version.type).append("/").append(version.id).append("\"");
        if (!version.author.empty()) {
            text += R"(,"extension":[)";
            appendExtension(text, "author", "valueString", version.author);
            text += ']';
        }
        if (!version.body.empty())
            text.append(R"(,"resource":)").append(version.body);
        text.append(R"(,"request":{"method":")").append(requestMethod(version)).append(R"(","url":")");
        text.append(version.type).append("/").append(version.id);
        text.append(R"("},"response":{"status":")").append(statusOf(version)).append(R"(","etag":)");
        text.append(quotedETag(version.versionId)).append(R"(,"lastModified":")").append(version.lastUpdated);
        text += '"';
        if (version.erased)
            text.append(R"(,"outcome":)")
                .append(fhir::outcomeOf(records::erasedProblem(version.type, version.id)));
        text += "}}";
    }
    text += page.versions.empty() ? "}" : "]}";
    return text;
}

std::string searchBundle(const records::SearchPage& page, const std::vector<Link>& links,
                         std::string_view type, const std::vector<std::string>& ignored,
                         std::string_view fhirBase)
{
    std::string text = R"({"resourceType":"Bundle","type":"searchset",)";
    if (page.total)
        text.append(R"("total":)").append(std::to_string(*page.total)).append(",");
    appendLinks(text, links);
    std::vector<std::string> entries;
    for (const records::SearchPage::Entry& entry : page.entries)
        entries.push_back(std::string(R"({"fullUrl":")")
                              .append(fhirBase)
                              .append("/")
                              .append(type)
                              .append("/")
                              .append(entry.id)
                              .append(R"(","resource":)")
                              .append(entry.body)
                              .append(R"(,"search":{"mode":"match"}})"));
    if (!ignored.empty()) {
        std::vector<std::string> sentences;
        for (const std::string& name : ignored)
            sentences.push_back("The parameter " + name + " is not known here and was left out.");
        entries.push_back(R"({"resource":)" + fhir::informationOf(sentences) +
                          R"(,"search":{"mode":"outcome"}})");
    }
    for (std::size_t i = 0; i < entries.size(); ++i) // FHIR knows no empty arrays
        text.append(i == 0 ? R"(,"entry":[)" : ",").append(entries[i]);
    text += entries.empty() ? "}" : "]}";
    return text;
}

std::string responseBundle(const std::vector<ResponseEntry>& entries, bool transaction)
{
    std::string text = R"({"resourceType":"Bundle","type":")";
    text += transaction ? "transaction-response\"" : "batch-response\"";
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const ResponseEntry& entry = entries[i];
        text += i == 0 ? R"(,"entry":[{)" : ",{";
        if (!entry.resource.empty())
            text.append(R"("resource":)").append(entry.resource).append(",");
        text.append(R"("response":{"status":")").append(statusLine(entry.status)).append("\"");
        if (!entry.location.empty())
            text.append(R"(,"location":")").append(entry.location).append("\"");
        if (!entry.versionId.empty())
            text.append(R"(,"etag":)").append(quotedETag(entry.versionId));
        if (!entry.lastUpdated.empty())
            text.append(R"(,"lastModified":")").append(entry.lastUpdated).append("\"");
        if (!entry.outcome.empty())
            text.append(R"(,"outcome":)").append(entry.outcome);
        text += "}}";
    }
    text += entries.empty() ? "}" : "]}";
    return text;
}

} // namespace yarrow::server::api
