// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/fhir_read.h"

#include "server/api/fhir_bundles.h"
#include "server/auth/accounts.h"
#include "server/fhir/document.h"
#include "server/fhir/time_range.h"
#include "server/records/erasure.h"
#include "server/records/search.h"

#include <algorithm>
#include <charconv>

namespace yarrow::server::api {
namespace {

constexpr int kHistoryCount = 100; // without _count

tl::unexpected<Problem> notFound(const std::string& what)
{
    return refuse(404, "not-found", "There is no " + what + ".");
}

/// 404, or 410 for what was there and was erased.
tl::unexpected<Problem> nothingOf(db::Transaction& work, const Reading& reading, const std::string& type,
                                  const std::string& id, const std::string& what)
{
    if (records::isErased(work, type, id, reading.caller.areas))
        return tl::unexpected(records::erasedProblem(type, id));
    return notFound(what);
}

/// 404 for what no resource is, or none that is kept here.
std::optional<Problem> checkName(const std::string& type, const std::string& id)
{
    if (!fhir::isStoredType(type))
        return Problem{404, "unknown-type", "There are no resources of the type " + type + " here."};
    if (!id.empty() && !fhir::isFhirId(id))
        return Problem{404, "not-found", "The id is no FHIR id."};
    return std::nullopt;
}

std::string linkUrl(const std::string& path, const Parameters& parameters)
{
    std::string url = path;
    char separator = '?';
    for (const auto& [name, value] : parameters) {
        url.append(1, separator).append(percentEncode(name)).append("=").append(percentEncode(value));
        separator = '&';
    }
    return url;
}

/// The links of a page; `next` is the value of _page for the one behind it, empty for none.
std::vector<Link> linksOf(const std::string& path, Parameters parameters, const std::string& next)
{
    std::vector<Link> links{{"self", linkUrl(path, parameters)}};
    if (!next.empty()) {
        std::erase_if(parameters, [](const auto& parameter) { return parameter.first == "_page"; });
        parameters.emplace_back("_page", next);
        links.push_back({"next", linkUrl(path, parameters)});
    }
    return links;
}

void nameEpoch(Response& response, const std::string& epoch)
{
    response.headers.add("Yarrow-Epoch", epoch);
}

Result<Response> answerOf(const records::Version& version)
{
    if (version.method == "delete") {
        auto gone = version.erased
                        ? tl::unexpected(records::erasedProblem(version.type, version.id))
                        : refuse(410, "deleted", version.type + "/" + version.id + " has been deleted.");
        gone.value().headers.emplace_back("ETag", "W/\"" + version.versionId + "\"");
        if (!version.author.empty())
            gone.value().headers.emplace_back("Yarrow-Author", version.author);
        return gone;
    }
    Response response = versionAnswer(200, version.versionId, version.lastUpdated, version.body);
    if (!version.author.empty())
        response.headers.add("Yarrow-Author", version.author);
    return response;
}

} // namespace

Reading readingOf(Call& call)
{
    return {call.db, call.principal(), call.request.baseUrl + "/fhir", preferencesOf(call.request).lenient};
}

const std::vector<std::string_view>& noParameters()
{
    static const std::vector<std::string_view> names;
    return names;
}

const std::vector<std::string_view>& historyParameters()
{
    static const std::vector<std::string_view> names{"_since", "_count", "_sort", "_page"};
    return names;
}

Result<Response> readRecord(const Reading& reading, const std::string& type, const std::string& id)
{
    if (auto problem = checkName(type, id))
        return tl::unexpected(std::move(*problem));
    db::Transaction work(reading.db, reading.caller.tenant, db::Isolation::ReadCommitted, true);
    const auto version = records::readPresent(work, type, id, reading.caller.areas);
    if (!version)
        return nothingOf(work, reading, type, id, type + "/" + id);
    auto answer = answerOf(*version);
    if (answer)
        nameEpoch(*answer, records::readClinic(work).epoch);
    return answer;
}

Result<Response> readRecordVersion(const Reading& reading, const std::string& type, const std::string& id,
                                   const std::string& version)
{
    if (auto problem = checkName(type, id))
        return tl::unexpected(std::move(*problem));
    const auto wanted = records::parseVersionId(version);
    if (!wanted)
        return notFound("such version of " + type + "/" + id);
    db::Transaction work(reading.db, reading.caller.tenant, db::Isolation::ReadCommitted, true);
    const auto found = records::readVersion(work, type, id, *wanted, reading.caller.areas);
    if (!found)
        return nothingOf(work, reading, type, id, "such version of " + type + "/" + id);
    auto answer = answerOf(*found);
    if (answer)
        nameEpoch(*answer, records::readClinic(work).epoch);
    return answer;
}

namespace {

std::optional<std::int64_t> numberOf(std::string_view digits)
{
    std::int64_t number = 0;
    const char* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end || number < 0)
        return std::nullopt;
    return number;
}

Result<records::HistoryQuery> historyQueryOf(const std::string& type, const std::string& id,
                                             const Parameters& parameters)
{
    records::HistoryQuery query;
    query.type = type;
    query.id = id;
    const auto count = countOf(parameters, kHistoryCount);
    if (!count)
        return tl::unexpected(count.error());
    query.count = std::max(*count, 1);
    if (const auto since = valueOf(parameters, "_since")) {
        const auto range = fhir::parseTime(*since);
        if (!range)
            return refuse(400, "bad-parameter", "The parameter _since is no FHIR instant.", "_since");
        query.since = range->from;
    }
    if (const auto sort = valueOf(parameters, "_sort")) {
        if (*sort != "_lastUpdated" && *sort != "-_lastUpdated")
            return refuse(400, "bad-parameter", "A history is sorted by _lastUpdated or -_lastUpdated.",
                          "_sort");
        query.ascending = *sort == "_lastUpdated";
    }
    if (const auto page = valueOf(parameters, "_page")) {
        // "<after>.<floor when it began>"
        const std::size_t dot = std::min(page->find('.'), page->size());
        const auto after = numberOf(page->substr(0, dot));
        const auto floor = numberOf(page->substr(std::min(dot + 1, page->size())));
        if (!after || !floor || *after < 1)
            return refuse(400, "bad-page", "The parameter _page is no page of this history.", "_page");
        query.after = *after;
        query.begunFloor = *floor;
    }
    return query;
}

} // namespace

Result<Response> readHistory(const Reading& reading, const std::string& type, const std::string& id,
                             const Parameters& parameters)
{
    if (!type.empty()) {
        if (auto problem = checkName(type, id))
            return tl::unexpected(std::move(*problem));
    }
    const auto query = historyQueryOf(type, id, parameters);
    if (!query)
        return tl::unexpected(query.error());
    db::Transaction work(reading.db, reading.caller.tenant, db::Isolation::RepeatableRead, true);
    const auto page = records::readHistory(work, *query, reading.caller.areas);
    if (!page)
        return tl::unexpected(page.error());
    if (!id.empty() && page->versions.empty() && !query->after && !query->since)
        return nothingOf(work, reading, type, id, type + "/" + id);

    std::string path = reading.fhirBase;
    for (const std::string& part : {type, id})
        path.append(part.empty() ? "" : "/").append(part);
    path += "/_history";
    std::string next;
    if (page->next)
        next = std::to_string(*page->next) + "." + std::to_string(page->begunFloor);
    Response response = fhirAnswer(
        200, historyBundle(*page, linksOf(path, parameters, next), reading.caller.scopeId, reading.fhirBase));
    nameEpoch(response, page->head.epoch);
    if (type.empty() && reading.caller.kind == Principal::Kind::Device)
        response.headers.add("Yarrow-Accounts", accountsTag(work));
    return response;
}

Result<Response> search(const Reading& reading, const std::string& type, const Parameters& parameters)
{
    if (auto problem = checkName(type, {}))
        return tl::unexpected(std::move(*problem));
    const auto query = fhir::parseSearch(type, parameters, reading.lenient);
    if (!query)
        return tl::unexpected(query.error());
    db::Transaction work(reading.db, reading.caller.tenant, db::Isolation::RepeatableRead, true);
    const auto page = records::search(work, *query, reading.caller.areas);
    if (!page)
        return tl::unexpected(page.error());
    Parameters used = parameters;
    std::erase_if(used, [&](const auto& parameter) {
        return std::find(query->ignored.begin(), query->ignored.end(), parameter.first) !=
               query->ignored.end();
    });
    const std::string path = reading.fhirBase + "/" + type;
    Response response = fhirAnswer(200, searchBundle(*page, linksOf(path, used, page->nextPage), type,
                                                     query->ignored, reading.fhirBase));
    nameEpoch(response, records::readClinic(work).epoch);
    return response;
}

Result<Response> readUrl(const Reading& reading, std::string_view url)
{
    const std::size_t mark = std::min(url.find('?'), url.size());
    std::vector<std::string> parts;
    for (std::string_view rest = url.substr(0, mark); !rest.empty();) {
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        if (slash > 0)
            parts.emplace_back(rest.substr(0, slash));
        rest.remove_prefix(std::min(slash + 1, rest.size()));
    }
    const bool isHistory = !parts.empty() && parts.back() == "_history";
    const bool isSearch = parts.size() == 1 && !isHistory;
    const auto parameters = parametersOf(mark < url.size() ? url.substr(mark + 1) : std::string_view(),
                                         isSearch    ? nullptr
                                         : isHistory ? &historyParameters()
                                                     : &noParameters());
    if (!parameters)
        return tl::unexpected(parameters.error());
    if (isSearch)
        return search(reading, parts[0], *parameters);
    if (isHistory && parts.size() <= 3) {
        parts.pop_back();
        parts.resize(2); // type and id, empty for every one
        return readHistory(reading, parts[0], parts[1], *parameters);
    }
    if (parts.size() == 2)
        return readRecord(reading, parts[0], parts[1]);
    if (parts.size() == 4 && parts[2] == "_history")
        return readRecordVersion(reading, parts[0], parts[1], parts[3]);
    return refuse(400, "bad-entry-url", "The URL of the entry is none that can be read here.",
                  "Bundle.entry.request.url");
}

} // namespace yarrow::server::api
