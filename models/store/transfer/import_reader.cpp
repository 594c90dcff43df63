// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/transfer/import_reader.h"

#include "core/crypto.h"
#include "models/fhir/references.h"
#include "models/fhir/resource_types.h"
#include "models/store/transfer/resource_stream.h"
#include "models/store/tunables.h"

#include <fstream>
#include <unordered_map>
#include <unordered_set>

namespace yarrow {

namespace {

constexpr std::string_view kUrnUuid = "urn:uuid:";

/// A UUID (version 8, RFC 9562) made of the content, for a resource that came without any id.
std::string contentId(const Json& resource)
{
    const auto digest = crypto::sha256(crypto::bytesOf(resource.dump()));
    std::string hex = crypto::toHex(std::span(digest).first(16));
    hex[12] = '8';
    hex[16] = "89ab"[digest[8] & 3U];
    for (const std::size_t dash : {8U, 13U, 18U, 23U})
        hex.insert(dash, 1, '-');
    return hex;
}

/// Reads one file.
class FileReader
{
public:
    FileReader(const std::filesystem::path& path, std::size_t index, BoundedQueue<ImportMessage>& queue)
        : m_path(path)
        , m_index(index)
        , m_queue(queue)
    {}

    Result<void> read();

private:
    Result<void> readHeld();
    Result<void> readTwice();
    Result<void> readStraight();
    Result<StreamSummary> stream(const std::function<Result<void>(StreamedEntry&&)>& visit);

    static Result<void> identify(StreamedEntry& entry);
    Result<void> learn(const StreamedEntry& entry);
    Result<void> send(StreamedEntry& entry, const std::string& bundleType);
    Result<void> resolveReferences(Json& resource, bool mustResolve);
    Result<void> flush();

    const std::filesystem::path& m_path;
    std::size_t m_index;
    BoundedQueue<ImportMessage>& m_queue;
    std::unordered_map<std::string, std::string> m_references; // fullUrl → Type/id
    std::unordered_set<std::string> m_seen;                    // of a history bundle: Type/id
    ImportMessage m_piece;
    std::size_t m_pieceBytes = 0;
};

Result<void> FileReader::read()
{
    std::error_code error;
    const auto size = std::filesystem::file_size(m_path, error);
    if (error)
        return fail(ErrorCode::Io, error.message());
    return size <= tunables::kHeldFileBytes ? readHeld() : readTwice();
}

Result<StreamSummary> FileReader::stream(const std::function<Result<void>(StreamedEntry&&)>& visit)
{
    std::ifstream in(m_path, std::ios::binary);
    if (!in)
        return fail(ErrorCode::Io, "cannot be opened");
    return streamResources(in, visit);
}

Result<void> FileReader::readHeld()
{
    std::vector<StreamedEntry> entries;
    const auto summary = stream([&](StreamedEntry&& entry) -> Result<void> {
        if (auto identified = identify(entry); !identified)
            return identified;
        if (auto learned = learn(entry); !learned)
            return learned;
        entries.push_back(std::move(entry));
        return {};
    });
    if (!summary)
        return fail(summary.error());
    for (StreamedEntry& entry : entries) {
        if (auto sent = send(entry, summary->bundleType); !sent)
            return sent;
        entry.resource = Json();
    }
    return flush();
}

Result<void> FileReader::readTwice()
{
    bool straight = false;
    const auto summary = stream([&](StreamedEntry&& entry) -> Result<void> {
        if (!entry.inBundle) { // single resources have nothing to resolve
            straight = true;
            return fail(ErrorCode::Cancelled);
        }
        if (auto identified = identify(entry); !identified)
            return identified;
        return learn(entry);
    });
    if (straight)
        return readStraight();
    if (!summary)
        return fail(summary.error());
    const auto again = stream([&](StreamedEntry&& entry) -> Result<void> {
        if (auto identified = identify(entry); !identified)
            return identified;
        return send(entry, summary->bundleType);
    });
    if (!again)
        return fail(again.error());
    return flush();
}

Result<void> FileReader::readStraight()
{
    const auto summary = stream([&](StreamedEntry&& entry) -> Result<void> {
        if (entry.inBundle)
            return fail(ErrorCode::InvalidResource, "a Bundle among single resources");
        if (auto identified = identify(entry); !identified)
            return identified;
        return send(entry, {});
    });
    if (!summary)
        return fail(summary.error());
    return flush();
}

/// Sees to it that the resource has an id.
Result<void> FileReader::identify(StreamedEntry& entry)
{
    if (entry.resource.isNull() || entry.method == "DELETE")
        return {};
    if (!entry.resource.isObject())
        return fail(ErrorCode::InvalidResource, "resource: must be an object");
    const std::string_view type = entry.resource["resourceType"].string();
    if (type.empty())
        return fail(ErrorCode::InvalidResource, "resourceType: missing");
    std::string target; // the id that a PUT names
    if (entry.method == "PUT") {
        if (const auto named = fhir::parseReference(entry.url))
            target = named->id;
    }
    if (const Json* id = entry.resource.find("id")) {
        if (!isFhirId(id->string()))
            return fail(ErrorCode::InvalidResource, std::string(type) + ".id: 1 to 64 of A-Z a-z 0-9 - .");
        if (!target.empty() && target != id->string())
            return fail(ErrorCode::InvalidResource, std::string(type) + ".id: not the one of request.url");
        return {};
    }
    std::string id;
    if (!target.empty())
        id = target;
    else if (entry.fullUrl.starts_with(kUrnUuid) && isFhirId(entry.fullUrl.substr(kUrnUuid.size())))
        id = entry.fullUrl.substr(kUrnUuid.size());
    else
        id = contentId(entry.resource);
    // FHIR puts id right behind resourceType.
    auto& members = entry.resource.mutableMembers();
    auto at =
        std::find_if(members.begin(), members.end(), [](const auto& m) { return m.name == "resourceType"; });
    members.insert(at + 1, Json::Member{"id", Json(std::move(id))});
    return {};
}

/// Remembers what the entry's fullUrl stands for.
Result<void> FileReader::learn(const StreamedEntry& entry)
{
    if (entry.fullUrl.empty() || entry.resource.isNull())
        return {};
    std::string reference(entry.resource["resourceType"].string());
    reference.append("/").append(entry.resource["id"].string());
    const auto [known, isNew] = m_references.emplace(entry.fullUrl, reference);
    if (!isNew && known->second != reference)
        return fail(ErrorCode::InvalidResource, "fullUrl: two entries have the same");
    return {};
}

Result<void> FileReader::resolveReferences(Json& resource, bool mustResolve)
{
    bool dangling = false;
    fhir::forEachReference(resource, [&](std::string& reference) {
        const bool isUrn = reference.starts_with(kUrnUuid);
        if (!isUrn && reference.find(':') == std::string::npos)
            return; // relative already
        if (const auto known = m_references.find(reference); known != m_references.end())
            reference = known->second;
        else if (isUrn)
            dangling = true;
    });
    if (dangling && mustResolve)
        return fail(ErrorCode::InvalidResource, "reference: a urn:uuid that no entry of the bundle has");
    return {};
}

Result<void> FileReader::send(StreamedEntry& entry, const std::string& bundleType)
{
    ImportItem item;
    item.position = entry.position;
    if (entry.method == "DELETE") {
        const auto target = fhir::parseReference(entry.url);
        if (!target || !fhir::isResourceType(target->type))
            return fail(
                Error{ErrorCode::InvalidResource, "request.url: a deletion names Type/id", entry.position});
        item.kind = ImportItem::Kind::Delete;
        item.record.type = target->type;
        item.record.id = target->id;
    } else if (entry.resource.isNull()) {
        return {}; // a response, or a request that reads
    } else {
        const bool mustResolve = bundleType == "transaction" || bundleType == "batch";
        if (auto resolved = resolveReferences(entry.resource, mustResolve); !resolved)
            return fail(Error{resolved.error().code, resolved.error().context, entry.position});
        auto record = PreparedRecord::of(entry.resource);
        if (!record)
            return fail(Error{record.error().code, record.error().context, entry.position});
        item.record = std::move(*record);
    }
    // A history shows the newest version of a record first.
    if (bundleType == "history" && !m_seen.insert(item.record.type + "/" + item.record.id).second)
        return {};
    m_pieceBytes += item.record.body.size();
    m_piece.bytes += entry.bytes;
    m_piece.items.push_back(std::move(item));
    const bool full =
        m_piece.items.size() >= tunables::kImportPieceItems || m_pieceBytes >= tunables::kImportPieceBytes;
    return full ? flush() : Result<void>();
}

Result<void> FileReader::flush()
{
    if (m_piece.items.empty())
        return {};
    m_piece.kind = ImportMessage::Kind::Items;
    m_piece.file = m_index;
    const bool taken = m_queue.push(std::exchange(m_piece, ImportMessage()));
    m_pieceBytes = 0;
    return taken ? Result<void>() : fail(ErrorCode::Cancelled);
}

} // namespace

void readImportFiles(const std::vector<std::filesystem::path>& files, BoundedQueue<ImportMessage>& queue)
{
    for (std::size_t index = 0; index < files.size(); ++index) {
        ImportMessage begins;
        begins.file = index;
        if (!queue.push(std::move(begins)))
            return;
        ImportMessage ends;
        ends.file = index;
        ends.kind = ImportMessage::Kind::FileEnds;
        if (auto read = FileReader(files[index], index, queue).read(); !read) {
            ends.kind = ImportMessage::Kind::FileFails;
            ends.error = read.error();
        }
        if (!queue.push(std::move(ends)))
            return;
    }
    queue.close();
}

} // namespace yarrow
