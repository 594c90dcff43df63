// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/protocol/write_bundle.h"

#include "core/json.h"
#include "sync/protocol/feed_page.h"

#include <charconv>

namespace yarrow::sync {
namespace {

std::string jsonText(std::string_view text)
{
    return Json(text).dump();
}

void appendExtension(std::string& out, std::string_view name, std::string_view value)
{
    out.append(out.back() == '[' ? "" : ",");
    out.append(R"({"url":)").append(jsonText(extensionUrl(name)));
    out.append(R"(,"valueString":)").append(jsonText(value)).append("}");
}

std::string codeOf(const Json& outcome)
{
    const Json& issue = outcome["issue"][0];
    const std::string_view code = issue["details"]["coding"][0]["code"].string();
    return std::string(code.empty() ? issue["code"].string() : code);
}

void readDocument(WriteAnswer& answer, const Json& document)
{
    if (!document.isObject())
        return;
    if (document["resourceType"].string() == "OperationOutcome") {
        answer.code = codeOf(document);
        answer.outcome = document.dump();
        return;
    }
    answer.document = document.dump();
    const Json& meta = document["meta"];
    if (answer.version.empty())
        answer.version = meta["versionId"].string();
    if (!meta["lastUpdated"].string().empty())
        answer.lastUpdated = meta["lastUpdated"].string();
}

} // namespace

std::string writeBundle(const std::vector<WriteEntry>& entries, bool transaction)
{
    std::size_t size = 256;
    for (const WriteEntry& entry : entries)
        size += 600 + (entry.document ? entry.document->size() : 0);
    std::string out;
    out.reserve(size);
    out.append(R"({"resourceType":"Bundle","type":")").append(transaction ? "transaction" : "batch");
    out.append(R"(","entry":[)");
    for (const WriteEntry& entry : entries) {
        out.append(out.back() == '[' ? R"({"extension":[)" : R"(,{"extension":[)");
        appendExtension(out, "operation", entry.operation);
        if (!entry.author.empty())
            appendExtension(out, "author", entry.author);
        out.append("]");
        if (entry.document)
            out.append(R"(,"resource":)").append(*entry.document);
        out.append(R"(,"request":{"method":")").append(entry.document ? "PUT" : "DELETE");
        out.append(R"(","url":)").append(jsonText(entry.type + "/" + entry.id));
        if (entry.version.empty())
            out.append(R"(,"ifNoneMatch":"*")");
        else
            out.append(R"(,"ifMatch":)").append(jsonText("W/\"" + entry.version + "\""));
        out.append("}}");
    }
    out.append("]}");
    return out;
}

Result<std::vector<WriteAnswer>> parseWriteAnswers(std::string_view body, std::size_t expected)
{
    const auto bundle = Json::parse(body);
    if (!bundle)
        return fail(bundle.error());
    const std::string_view type = (*bundle)["type"].string();
    if ((*bundle)["resourceType"].string() != "Bundle" ||
        (type != "batch-response" && type != "transaction-response"))
        return fail(ErrorCode::InvalidResource,
                    "not a Bundle of type batch-response or transaction-response");
    const Json::Array& entries = (*bundle)["entry"].items();
    if (entries.size() != expected)
        return fail(ErrorCode::InvalidResource, "the answer has " + std::to_string(entries.size()) +
                                                    " entries, and " + std::to_string(expected) +
                                                    " were sent");
    std::vector<WriteAnswer> answers;
    answers.reserve(entries.size());
    for (const Json& entry : entries) {
        WriteAnswer answer;
        const Json& response = entry["response"];
        const std::string_view status = response["status"].string();
        std::from_chars(status.data(), status.data() + status.size(), answer.status);
        if (answer.status < 100 || answer.status > 599)
            return fail(ErrorCode::InvalidResource, "Bundle.entry.response.status: no HTTP status");
        answer.version = versionOfETag(response["etag"].string());
        answer.lastUpdated = response["lastModified"].string();
        readDocument(answer, entry["resource"]);
        readDocument(answer, response["outcome"]);
        answers.push_back(std::move(answer));
    }
    return answers;
}

WriteAnswer answerOf(const HttpResponse& response)
{
    WriteAnswer answer;
    answer.status = response.status;
    answer.version = versionOfETag(response.headers.find("ETag"));
    answer.author = response.headers.find("Yarrow-Author");
    if (const auto body = Json::parse(response.body); body && body->isObject()) {
        readDocument(answer, *body);
        if (answer.code.empty()) // problem+json, outside of /fhir
            answer.code = (*body)["code"].string();
    }
    return answer;
}

std::optional<std::size_t> culpritOf(const WriteAnswer& failure)
{
    constexpr std::string_view kPlace = "Bundle.entry[";
    const auto outcome = Json::parse(failure.outcome);
    if (!outcome)
        return std::nullopt;
    std::string_view expression = (*outcome)["issue"][0]["expression"][0].string();
    if (!expression.starts_with(kPlace))
        return std::nullopt;
    expression.remove_prefix(kPlace.size());
    std::size_t index = 0;
    if (std::from_chars(expression.data(), expression.data() + expression.size(), index).ec != std::errc())
        return std::nullopt;
    return index;
}

} // namespace yarrow::sync
