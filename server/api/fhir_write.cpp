// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/fhir_write.h"

#include "server/api/fhir_bundles.h"
#include "server/api/fhir_exchange.h"
#include "server/api/fhir_read.h"
#include "server/fhir/bundle.h"
#include "server/records/writer.h"

#include <boost/algorithm/string/predicate.hpp>

namespace yarrow::server::api {
namespace {

using Method = fhir::WriteEntry::Method;

/// Once the documents in a Bundle that answers reach this size, it takes no more.
constexpr std::size_t kFullAnswer = records::kMaxPageBytes;

/// What stands in the headers of a single write.
Result<fhir::WriteEntry> entryOf(Call& call, Method method)
{
    const Headers& headers = call.request.headers;
    fhir::WriteEntry entry;
    entry.method = method;
    entry.type = call.path["type"];
    entry.id = call.path["id"];
    entry.operation = headers.find("Yarrow-Operation");
    entry.author = headers.find("Yarrow-Author");
    if (!fhir::isStoredType(entry.type))
        return refuse(404, "unknown-type", "There are no resources of the type " + entry.type + " here.");
    if (!entry.id.empty() && !fhir::isFhirId(entry.id))
        return refuse(400, "bad-id", "The id is no FHIR id: 1 to 64 letters, digits, dashes and dots.");
    if (!entry.operation.empty() && !fhir::isToken(entry.operation))
        return refuse(400, "bad-operation",
                      "The header Yarrow-Operation is no token of up to 128 characters.");
    if (!entry.author.empty() && !fhir::isToken(entry.author))
        return refuse(400, "bad-author", "The header Yarrow-Author is no token of up to 128 characters.");
    if (headers.contains("If-Match")) {
        entry.ifMatch = fhir::versionOfETag(headers.find("If-Match"));
        if (!entry.ifMatch)
            return refuse(400, "bad-if-match", "If-Match is no entity tag: W/\"version\".");
    }
    if (headers.contains("If-None-Match")) {
        if (headers.find("If-None-Match") != "*")
            return refuse(400, "bad-if-none-match", "If-None-Match of a write can only be *.");
        entry.ifNoneMatch = true;
    }
    if (method == Method::Create && headers.contains("If-None-Exist"))
        entry.ifNoneExist = headers.find("If-None-Exist");
    return entry;
}

/// The document in the body, of the type that the path names.
Result<fhir::Document> documentOf(const Request& request, const std::string& type)
{
    const auto json = bodyOf(request);
    if (!json)
        return tl::unexpected(json.error());
    auto document = fhir::readDocument(json->root());
    if (document && document->type != type)
        return refuse(400, "wrong-type",
                      "The path says " + type + ", the document is another type of resource.",
                      "resourceType");
    return document;
}

Result<records::WriteOutcome> writeAndTell(Call& call, const FhirServices& services,
                                           std::vector<fhir::WriteEntry> entries, bool transaction)
{
    // A client that knows more than the server shows that the server was restored: what it sends under the
    // old epoch is then refused.
    if (call.request.headers.contains("Yarrow-Seen"))
        records::noticeClientAhead(call.db, call.principal(), call.request.headers.find("Yarrow-Seen"));
    auto outcome = records::write(call.db, call.principal(), std::move(entries), transaction,
                                  call.request.headers.find("Yarrow-Epoch"));
    if (outcome && !outcome->notice.types.empty())
        services.changed(outcome->notice);
    return outcome;
}

Result<Response> writeOne(Call& call, const FhirServices& services, fhir::WriteEntry entry)
{
    std::vector<fhir::WriteEntry> entries;
    entries.push_back(std::move(entry));
    auto outcome = writeAndTell(call, services, std::move(entries), false);
    if (!outcome)
        return tl::unexpected(std::move(outcome.error()));
    records::WriteResult& result = outcome->results.front();
    if (result.problem) {
        result.problem->headers.emplace_back("Yarrow-Epoch", outcome->epoch);
        return tl::unexpected(std::move(*result.problem));
    }

    std::string body = std::move(result.body);
    switch (preferencesOf(call.request).wanted) {
    case Preferences::Return::Minimal:
        body.clear();
        break;
    case Preferences::Return::OperationOutcome:
        body = fhir::informationOf({"Done."});
        break;
    case Preferences::Return::Default:
    case Preferences::Return::Representation:
        break;
    }
    Response response = versionAnswer(result.status, result.versionId, result.lastUpdated,
                                      result.status == 204 ? std::string() : std::move(body));
    if (result.status == 201)
        response.headers.add("Location", call.request.baseUrl + "/fhir/" + result.type + "/" + result.id +
                                             "/_history/" + result.versionId);
    response.headers.add("Yarrow-Epoch", outcome->epoch);
    return response;
}

// ---- bundles
// ----------------------------------------------------------------------------------------------------

ResponseEntry refused(const Problem& problem)
{
    ResponseEntry entry;
    entry.status = problem.status;
    entry.outcome = fhir::outcomeOf(problem);
    return entry;
}

ResponseEntry done(records::WriteResult& result, Preferences::Return wanted)
{
    ResponseEntry entry;
    entry.status = result.status;
    entry.location = result.type + "/" + result.id + "/_history/" + result.versionId;
    entry.versionId = result.versionId;
    entry.lastUpdated = result.lastUpdated;
    if (wanted == Preferences::Return::Representation)
        entry.resource = std::move(result.body);
    else if (wanted == Preferences::Return::OperationOutcome)
        entry.outcome = fhir::informationOf({"Done."});
    return entry;
}

ResponseEntry read(const Reading& reading, const std::string& url)
{
    auto answer = readUrl(reading, url);
    if (!answer)
        return refused(answer.error());
    ResponseEntry entry;
    entry.status = answer->status;
    if (const std::string_view etag = answer->headers.find("ETag"); !etag.empty())
        entry.versionId = fhir::versionOfETag(etag).value_or(std::string());
    entry.resource = std::move(answer->body);
    return entry;
}

/// A transaction that failed is answered with what is wrong with it first, and where.
Problem failureOf(Problem problem, std::size_t index)
{
    const std::string place = "Bundle.entry[" + std::to_string(index) + "]";
    problem.detail = place + ": " + problem.detail;
    problem.expression =
        problem.expression.empty() ? place : place + ".resource.ofType(" + problem.expression + ")";
    return problem;
}

} // namespace

Result<Response> postBundle(Call& call, const FhirServices& services)
{
    if (const auto parameters = parametersOf(call.request, &noParameters()); !parameters)
        return tl::unexpected(parameters.error());
    const auto json = bodyOf(call.request);
    if (!json)
        return tl::unexpected(json.error());
    auto bundle = fhir::readBundle(*json);
    if (!bundle)
        return tl::unexpected(bundle.error());

    std::vector<fhir::WriteEntry> writes;
    for (std::size_t i = 0; i < bundle->entries.size(); ++i) {
        fhir::BundleEntry& entry = bundle->entries[i];
        if (entry.problem && bundle->transaction)
            return tl::unexpected(failureOf(std::move(*entry.problem), i));
        if (entry.write)
            writes.push_back(std::move(*entry.write));
    }
    Result<records::WriteOutcome> outcome;
    if (!writes.empty()) {
        outcome = writeAndTell(call, services, std::move(writes), bundle->transaction);
        if (!outcome)
            return tl::unexpected(std::move(outcome.error()));
    }

    const Preferences::Return wanted = preferencesOf(call.request).wanted;
    const Reading reading = readingOf(call);
    std::vector<ResponseEntry> answers;
    answers.reserve(bundle->entries.size());
    std::size_t written = 0;
    std::size_t size = 0;
    for (std::size_t i = 0; i < bundle->entries.size(); ++i) {
        fhir::BundleEntry& entry = bundle->entries[i];
        if (entry.problem) {
            answers.push_back(refused(*entry.problem));
        } else if (entry.write) {
            records::WriteResult& result = outcome->results[written++];
            if (result.problem && bundle->transaction && result.problem->status != 424)
                return tl::unexpected(failureOf(std::move(*result.problem), i));
            answers.push_back(result.problem ? refused(*result.problem) : done(result, wanted));
            if (size >= kFullAnswer)
                answers.back().resource.clear();
        } else if (size >= kFullAnswer) {
            answers.push_back(
                refused({413, "answer-too-large",
                         "The answers before this one fill the Bundle: ask again for it alone."}));
        } else {
            answers.push_back(read(reading, entry.read));
        }
        size += answers.back().resource.size();
    }
    Response response = fhirAnswer(200, responseBundle(answers, bundle->transaction));
    if (!outcome->epoch.empty())
        response.headers.add("Yarrow-Epoch", outcome->epoch);
    return response;
}

Result<Response> postRecord(Call& call, const FhirServices& services)
{
    if (const auto parameters = parametersOf(call.request, &noParameters()); !parameters)
        return tl::unexpected(parameters.error());
    auto entry = entryOf(call, Method::Create);
    if (!entry)
        return tl::unexpected(entry.error());
    auto document = documentOf(call.request, entry->type);
    if (!document)
        return tl::unexpected(document.error());
    entry->document = std::move(*document);
    return writeOne(call, services, std::move(*entry));
}

Result<Response> putRecord(Call& call, const FhirServices& services)
{
    if (const auto parameters = parametersOf(call.request, &noParameters()); !parameters)
        return tl::unexpected(parameters.error());
    auto entry = entryOf(call, Method::Update);
    if (!entry)
        return tl::unexpected(entry.error());
    auto document = documentOf(call.request, entry->type);
    if (!document)
        return tl::unexpected(document.error());
    if (document->id != entry->id)
        return refuse(400, "wrong-id", "The document's id is not the one in the path.", entry->type + ".id");
    entry->document = std::move(*document);
    return writeOne(call, services, std::move(*entry));
}

Result<Response> deleteRecord(Call& call, const FhirServices& services)
{
    if (const auto parameters = parametersOf(call.request, &noParameters()); !parameters)
        return tl::unexpected(parameters.error());
    auto entry = entryOf(call, Method::Delete);
    if (!entry)
        return tl::unexpected(entry.error());
    return writeOne(call, services, std::move(*entry));
}

} // namespace yarrow::server::api
