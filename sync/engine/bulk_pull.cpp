// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/bulk_pull.h"

#include "models/store/db/bulk_writing.h"
#include "sync/engine/tunables.h"

#include <algorithm>
#include <future>

namespace yarrow::sync {
namespace {

const std::string kFeed; // of the whole clinic

/// The records of the first lines, which are taken off; nothing when one of them is no record.
Result<std::vector<ServerVersion>> readChunk(std::string_view& lines)
{
    std::vector<ServerVersion> versions;
    versions.reserve(tunables::kChunkEntries);
    while (versions.size() < tunables::kChunkEntries && !lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(lines.size(), line.size() + 1));
        if (line.empty())
            continue;
        const auto document = Json::parse(line);
        auto record = document ? PreparedRecord::ofServer(*document) : fail(document.error());
        if (!record)
            return fail(record.error());
        const Json& meta = (*document)["meta"];
        versions.push_back({record->type, record->id, std::string(meta["versionId"].string()),
                            std::string(meta["lastUpdated"].string()), std::move(*record)});
    }
    return versions;
}

} // namespace

Step<bool> BulkPull::run()
{
    m_export = outbox::bulkExport(m_session.connection);
    if (!m_export) {
        const auto begun = begin();
        if (!begun || !*begun)
            return begun;
    }
    if (m_export->manifest.empty()) {
        const auto ready = awaitManifest();
        if (!ready || !*ready)
            return ready;
    }
    return takeFiles();
}

Step<bool> BulkPull::begin()
{
    HttpRequest request;
    request.url = "$export";
    request.headers.add("Prefer", "respond-async");
    auto response = m_session.send(std::move(request), true);
    // It makes so many for others, or made them for answers that were lost: nobody need wait for those.
    if (!response && response.error().obstacle == Obstacle::Busy &&
        response.error().detail == "too-many-exports")
        return false;
    if (!response)
        return stop(response.error());
    const std::string_view address = response->headers.find("Content-Location");
    if (response->status != 202 || address.empty())
        return false;
    m_export = outbox::BulkExport{std::string(address), {}, 0};
    save();
    return true;
}

Step<bool> BulkPull::awaitManifest()
{
    std::chrono::milliseconds waited{0};
    for (;;) {
        HttpRequest request;
        request.url = m_export->statusUrl;
        auto response = m_session.send(std::move(request), true);
        if (!response && response.error().obstacle == Obstacle::ServerError) { // the export failed there
            giveUp();
            return false;
        }
        if (!response)
            return stop(response.error());
        if (response->status == 200) {
            const auto manifest = Json::parse(response->body);
            if (!manifest || (*manifest)["transactionTime"].string().empty()) {
                giveUp();
                return false;
            }
            m_export->manifest = std::move(response->body);
            save();
            return true;
        }
        if (response->status != 202 || waited > tunables::kFilesPatience) {
            giveUp();
            return false;
        }
        // At first more often than the server says, whole seconds at least: most clinics are ready sooner.
        const std::chrono::milliseconds asked = retryAfterOf(*response).value_or(std::chrono::seconds(2));
        const std::chrono::milliseconds wait =
            std::min(asked, std::max(tunables::kFilesFirstLook, waited / 2));
        m_session.pause(wait);
        waited += wait;
    }
}

Step<bool> BulkPull::takeFiles()
{
    const auto manifest = Json::parse(m_export->manifest);
    if (!manifest) {
        giveUp();
        return false;
    }
    const Json::Array& files = (*manifest)["output"].items();
    const BulkWriting bulk(m_session.connection);
    const auto ask = [&](std::int64_t file) -> std::optional<SyncSession::Pending> {
        if (static_cast<std::size_t>(file) >= files.size())
            return std::nullopt;
        HttpRequest request;
        request.url = files[static_cast<std::size_t>(file)]["url"].string();
        return m_session.begin(std::move(request));
    };
    auto next = ask(m_export->nextFile);
    while (next) {
        const auto response = m_session.finish(std::move(*next), true);
        if (!response)
            return stop(response.error());
        if (response->status != 200) { // expired, or lost with the server's unlogged tables
            giveUp();
            return false;
        }
        next = ask(m_export->nextFile + 1); // comes in while this one is stored
        const Json& file = files[static_cast<std::size_t>(m_export->nextFile)];
        const auto taken = takeFile(response->body, file["count"].integer());
        if (!taken)
            return stop(taken.error());
        if (!*taken) {
            giveUp();
            return false;
        }
        ++m_export->nextFile;
        save();
    }
    finish(*manifest);
    return true;
}

Step<bool> BulkPull::takeFile(std::string_view lines, std::optional<std::int64_t> wanted)
{
    // While one chunk is stored, another thread reads the next.
    const auto readNext = [&lines] {
        return std::async(std::launch::async, [&lines] { return readChunk(lines); });
    };
    std::optional<SyncWork> work;
    std::size_t inWork = 0;
    std::int64_t taken = 0;
    const auto commit = [&] {
        if (work)
            work->commit();
        work.reset();
        inWork = 0;
    };
    for (auto next = readNext();;) {
        const auto chunk = next.get();
        if (!chunk || chunk->empty() || m_session.cancelled) {
            commit();
            if (chunk && !chunk->empty())
                return stop(Obstacle::Cancelled);
            return chunk.has_value() && taken == wanted.value_or(taken);
        }
        next = readNext();
        if (!work)
            work.emplace(m_session);
        takeChunk(*work, *chunk);
        taken += static_cast<std::int64_t>(chunk->size());
        inWork += chunk->size();
        if (!takesMore(inWork, tunables::kChunkEntries))
            commit();
    }
}

void BulkPull::takeChunk(SyncWork& work, const std::vector<ServerVersion>& versions)
{
    for (const ServerVersion& version : versions) {
        switch (work.records().take(version)) {
        case SyncRecords::Taken::Stored:
            ++m_session.report.pulled;
            break;
        case SyncRecords::Taken::Known:
        case SyncRecords::Taken::Older:
            break;
        case SyncRecords::Taken::HasEdits:
            count(m_session.report,
                  work.reconciler().merge(*work.records().find(version.type, version.id), version));
            ++m_session.report.pulled;
            break;
        case SyncRecords::Taken::BroughtBack: // asked for alone, it is told apart
        case SyncRecords::Taken::UnderWay:
        case SyncRecords::Taken::Unclear:
            outbox::refetch(m_session.connection, version.type, version.id);
            break;
        }
    }
}

void BulkPull::finish(const Json& manifest)
{
    outbox::Checkpoint checkpoint;
    checkpoint.since = manifest["transactionTime"].string();
    checkpoint.epoch = manifest["extension"]["https://yarrow.example/fhir/epoch"].string();
    checkpoint.scope = manifest["extension"]["https://yarrow.example/fhir/scope"].string();
    Transaction transaction(m_session.connection);
    outbox::setCheckpoint(m_session.connection, kFeed, checkpoint);
    outbox::setBulkExport(m_session.connection, {});
    transaction.commit();
}

void BulkPull::save()
{
    Transaction transaction(m_session.connection);
    outbox::setBulkExport(m_session.connection, m_export);
    transaction.commit();
}

void BulkPull::giveUp()
{
    m_export.reset();
    save();
}

} // namespace yarrow::sync
