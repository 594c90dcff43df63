// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/bundle.h"

#include "server/fhir/reference.h"
#include "server/fhir/reference_walk.h"
#include "server/json/text_edits.h"
#include "server/random_uuid.h"

#include <algorithm>
#include <unordered_map>

namespace yarrow::server::fhir {
namespace {

constexpr std::string_view kOperation = "https://yarrow.example/fhir/StructureDefinition/operation";
constexpr std::string_view kAuthor = "https://yarrow.example/fhir/StructureDefinition/author";

/// What an entry is called from outside, and what it is here.
struct Target
{
    std::string record;         ///< "Type/id"
    bool isConditional = false; ///< with ifNoneExist: perhaps another record
};

using Targets = std::unordered_map<std::string, Target>; // by fullUrl

/// Reads one entry, without its document.
class EntryReader
{
public:
    explicit EntryReader(JsonView entry)
        : m_entry(entry)
        , m_request(entry["request"])
    {
        m_result.fullUrl = entry["fullUrl"].string();
    }

    BundleEntry run()
    {
        if (auto done = readRequest(); !done)
            m_result.problem = std::move(done.error());
        return std::move(m_result);
    }

private:
    Result<void> readRequest()
    {
        if (!m_request.isObject())
            return refuse(400, "bad-entry", "The entry has no request.", "Bundle.entry.request");
        const std::string method = m_request["method"].string();
        const std::string url = m_request["url"].string();
        if (method == "GET")
            return readGet(url);
        WriteEntry write;
        if (method == "POST")
            write.method = WriteEntry::Method::Create;
        else if (method == "PUT")
            write.method = WriteEntry::Method::Update;
        else if (method == "DELETE")
            write.method = WriteEntry::Method::Delete;
        else
            return refuse(405, "method-not-allowed", "An entry's method must be GET, POST, PUT or DELETE.",
                          "Bundle.entry.request.method");
        if (auto done = readUrl(url, write); !done)
            return done;
        if (auto done = readConditions(write); !done)
            return done;
        if (auto done = readExtensions(write); !done)
            return done;
        m_result.write = std::move(write);
        return {};
    }

    Result<void> readGet(const std::string& url)
    {
        constexpr std::size_t kLongest = 4096;
        const bool isPlain =
            std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7F'; });
        if (url.empty() || url.size() > kLongest || !isPlain || url.front() == '/')
            return badUrl("The URL of a GET must be relative to the server's FHIR address.");
        m_result.read = url;
        return {};
    }

    static tl::unexpected<Problem> badUrl(std::string detail)
    {
        return refuse(400, "bad-entry-url", std::move(detail), "Bundle.entry.request.url");
    }

    static Result<void> readUrl(const std::string& url, WriteEntry& write)
    {
        if (url.find('?') != std::string::npos)
            return refuse(400, "conditional-not-supported",
                          "Conditional updates and deletions are not supported; a conditional create uses "
                          "ifNoneExist.",
                          "Bundle.entry.request.url");
        const std::size_t slash = url.find('/');
        write.type = url.substr(0, slash);
        if (!isStoredType(write.type))
            return refuse(404, "unknown-type", "This server keeps no resources of such a type.",
                          "Bundle.entry.request.url");
        if (write.method == WriteEntry::Method::Create) {
            if (slash != std::string::npos)
                return badUrl("The URL of a POST must be a resource type.");
            write.id = randomUuid();
            return {};
        }
        write.id = slash == std::string::npos ? std::string() : url.substr(slash + 1);
        if (!isFhirId(write.id))
            return badUrl("The URL of a PUT or DELETE must be a resource type and an id.");
        return {};
    }

    Result<void> readConditions(WriteEntry& write)
    {
        if (const JsonView ifMatch = m_request["ifMatch"]; ifMatch.exists()) {
            write.ifMatch = versionOfETag(ifMatch.string());
            if (!write.ifMatch)
                return refuse(400, "bad-if-match", R"(The version must be written as W/"…".)",
                              "Bundle.entry.request.ifMatch");
        }
        if (const JsonView ifNoneMatch = m_request["ifNoneMatch"]; ifNoneMatch.exists()) {
            if (!ifNoneMatch.says("*"))
                return refuse(400, "bad-if-none-match", "Of a write, ifNoneMatch can only be *.",
                              "Bundle.entry.request.ifNoneMatch");
            write.ifNoneMatch = true;
        }
        if (const JsonView ifNoneExist = m_request["ifNoneExist"]; ifNoneExist.exists()) {
            std::string query = ifNoneExist.string();
            if (query.starts_with('?'))
                query.erase(0, 1);
            if (query.empty() || write.method != WriteEntry::Method::Create)
                return refuse(400, "bad-if-none-exist", "Only a POST has ifNoneExist, which is a search.",
                              "Bundle.entry.request.ifNoneExist");
            write.ifNoneExist = std::move(query);
        }
        return {};
    }

    Result<void> readExtensions(WriteEntry& write)
    {
        for (const JsonView extension : m_entry["extension"].items()) {
            const bool isOperation = extension["url"].says(kOperation);
            if (!isOperation && !extension["url"].says(kAuthor))
                continue;
            const JsonView uuid = extension["valueUuid"];
            std::string text = (isOperation && uuid.exists() ? uuid : extension["valueString"]).string();
            if (!isToken(text))
                return refuse(400, isOperation ? "bad-operation" : "bad-author",
                              "The value must be 1 to 128 printable characters of ASCII without spaces.",
                              "Bundle.entry.extension");
            (isOperation ? write.operation : write.author) = std::move(text);
        }
        return {};
    }

    JsonView m_entry;
    JsonView m_request;
    BundleEntry m_result;
};

/// The record that a reference of the entry `fullUrl` means, if it is another entry's.
const Target* targetOf(const Targets& targets, const std::string& reference, std::string_view fullUrl)
{
    if (const auto found = targets.find(reference); found != targets.end())
        return &found->second;
    const auto self = parseReference(fullUrl);
    if (!self || formOf(reference) != ReferenceForm::Relative)
        return nullptr;
    const auto base = fullUrl.substr(0, static_cast<std::size_t>(self->type.data() - fullUrl.data()));
    const auto found = targets.find(std::string(base) + reference);
    return found == targets.end() ? nullptr : &found->second;
}

/// The resource's text with the references to other entries resolved.
Result<std::string> resolved(JsonView resource, std::string_view fullUrl, const Targets& targets)
{
    std::vector<TextEdit> edits;
    const auto check = [&](JsonView value) -> std::optional<Problem> {
        const std::string reference = value.string();
        if (formOf(reference) == ReferenceForm::Conditional)
            return Problem{422, "conditional-reference", "Conditional references are not supported."};
        const Target* target = targetOf(targets, reference, fullUrl);
        if (target == nullptr)
            return std::nullopt;
        if (target->isConditional)
            return Problem{422, "conditional-reference",
                           "References to an entry with ifNoneExist are not supported."};
        if (target->record != reference)
            edits.push_back(
                {value.offset() - resource.offset(), value.raw().size(), fhir::quoted(target->record)});
        return std::nullopt;
    };
    if (auto done = checkReferences(resource, check); !done)
        return tl::unexpected(std::move(done.error()));
    return edited(resource.raw(), std::move(edits));
}

/// The document of an entry, in a transaction with `targets`.
Result<Document> documentOf(JsonView resource, std::string_view fullUrl, const Targets* targets)
{
    if (targets == nullptr)
        return readDocument(resource);
    const auto text = resolved(resource, fullUrl, *targets);
    if (!text)
        return tl::unexpected(text.error());
    if (*text == resource.raw())
        return readDocument(resource);
    const auto changed = JsonDocument::parse(*text);
    if (!changed)
        return tl::unexpected(changed.error());
    return readDocument(changed->root());
}

Result<void> checkTarget(const WriteEntry& write, const Document& document)
{
    if (document.type != write.type)
        return refuse(400, "wrong-type", "The resource is of another type than the URL says.",
                      document.type + ".resourceType");
    if (write.method == WriteEntry::Method::Update && document.id != write.id)
        return refuse(400, "wrong-id", "The resource has another id than the URL.", document.type + ".id");
    return {};
}

Result<void> takeDocument(Result<Document> document, WriteEntry& write)
{
    if (!document)
        return tl::unexpected(std::move(document.error()));
    if (auto done = checkTarget(write, *document); !done)
        return done;
    if (write.method == WriteEntry::Method::Create) {
        document->text = withId(document->text, write.id);
        document->id = write.id;
    }
    write.document = std::move(*document);
    return {};
}

/// By fullUrl what the entries write. An address that stands twice is the second entry's problem.
Targets targetsOf(std::vector<BundleEntry>& entries)
{
    Targets targets;
    for (BundleEntry& entry : entries) {
        if (!entry.write || entry.fullUrl.empty() || entry.write->method == WriteEntry::Method::Delete)
            continue;
        Target target{entry.write->type + '/' + entry.write->id, entry.write->ifNoneExist.has_value()};
        if (targets.emplace(entry.fullUrl, std::move(target)).second)
            continue;
        entry.write.reset();
        entry.problem =
            Problem{400, "repeated-full-url", "Another entry has the same fullUrl.", "Bundle.entry.fullUrl"};
    }
    return targets;
}

} // namespace

std::string_view methodName(WriteEntry::Method method) noexcept
{
    switch (method) {
    case WriteEntry::Method::Create:
        return "POST";
    case WriteEntry::Method::Update:
        return "PUT";
    case WriteEntry::Method::Delete:
        return "DELETE";
    }
    return {};
}

Result<BundleRequest> readBundle(const JsonDocument& bundle)
{
    const JsonView root = bundle.root();
    const bool isTransaction = root["type"].says("transaction");
    if (!root["resourceType"].says("Bundle") || (!isTransaction && !root["type"].says("batch")))
        return refuse(400, "not-a-bundle", "A Bundle of the type batch or transaction is expected.");
    const JsonView list = root["entry"];
    if (list.exists() && !list.isArray())
        return refuse(400, "not-a-bundle", "The entries of a Bundle must be a list.", "Bundle.entry");
    if (list.size() > kMaxBundleEntries)
        return refuse(413, "too-many-entries",
                      "A Bundle may have at most " + std::to_string(kMaxBundleEntries) + " entries.",
                      "Bundle.entry");

    BundleRequest request;
    request.transaction = isTransaction;
    request.entries.reserve(list.size());
    for (const JsonView entry : list.items())
        request.entries.push_back(EntryReader(entry).run());
    const auto reads = std::count_if(request.entries.begin(), request.entries.end(),
                                     [](const BundleEntry& entry) { return !entry.read.empty(); });
    if (static_cast<std::size_t>(reads) > kMaxBundleReads)
        return refuse(413, "too-many-reads",
                      "A Bundle may have at most " + std::to_string(kMaxBundleReads) + " entries with GET.",
                      "Bundle.entry");
    const Targets targets = isTransaction ? targetsOf(request.entries) : Targets();

    for (std::size_t i = 0; i < request.entries.size(); ++i) {
        BundleEntry& entry = request.entries[i];
        if (!entry.write || entry.write->method == WriteEntry::Method::Delete)
            continue;
        auto document = documentOf(list[i]["resource"], entry.fullUrl, isTransaction ? &targets : nullptr);
        if (auto done = takeDocument(std::move(document), *entry.write); !done) {
            entry.problem = std::move(done.error());
            entry.write.reset();
        }
    }
    return request;
}

std::optional<std::string> versionOfETag(std::string_view etag)
{
    if (etag.starts_with("W/"))
        etag.remove_prefix(2);
    if (etag.size() < 3 || etag.front() != '"' || etag.back() != '"')
        return std::nullopt;
    const std::string_view version = etag.substr(1, etag.size() - 2);
    if (!isFhirId(version))
        return std::nullopt;
    return std::string(version);
}

bool isToken(std::string_view text) noexcept
{
    constexpr std::size_t kLongest = 128;
    return !text.empty() && text.size() <= kLongest &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

} // namespace yarrow::server::fhir
