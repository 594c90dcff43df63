// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/puller.h"

#include "sync/engine/bulk_pull.h"
#include "sync/engine/lost_versions.h"
#include "sync/engine/tunables.h"
#include "sync/protocol/write_bundle.h"

#include <algorithm>

namespace yarrow::sync {
namespace {

const std::string kFeed; // of the whole clinic

std::string encoded(std::string_view text)
{
    std::string out;
    for (const char c : text)
        c == '+' ? out.append("%2B") : out.append(1, c);
    return out;
}

Result<ServerVersion> versionOf(FeedEntry& entry)
{
    ServerVersion version{std::move(entry.type),
                          std::move(entry.id),
                          std::move(entry.version),
                          std::move(entry.lastUpdated),
                          {},
                          std::move(entry.author)};
    if (entry.kind == FeedEntry::Kind::Present) {
        auto record = PreparedRecord::ofServer(entry.document);
        if (!record)
            return fail(record.error());
        version.record = std::move(*record);
    }
    return version;
}

Step<RecordReading> readRecord(SyncSession& session, const std::string& type, const std::string& id)
{
    HttpRequest request;
    request.url = type + "/" + id;
    auto response = session.send(std::move(request), true);
    if (!response)
        return stop(response.error());
    const WriteAnswer answer = answerOf(*response);
    RecordReading reading{answer.status, {}, answer.status == 410 && answer.code == kErased};
    if (answer.status == 200 && answer.document) {
        const auto json = Json::parse(*answer.document);
        auto record = PreparedRecord::ofServer(*json);
        if (!record || record->type != type || record->id != id)
            return stop(Obstacle::Refused,
                        "the answer to a read of " + type + "/" + id + " is another document");
        reading.version =
            ServerVersion{type, id, answer.version, answer.lastUpdated, std::move(*record), answer.author};
    } else if (answer.status == 410 && !answer.version.empty()) {
        reading.version = ServerVersion{type, id, answer.version, answer.lastUpdated, {}, answer.author};
    } else if (answer.status != 404 && answer.status != 410 && answer.status != 403) {
        return stop(Obstacle::Refused,
                    "HTTP " + std::to_string(answer.status) + " to a read of " + type + "/" + id);
    }
    return reading;
}

} // namespace

Step<void> Puller::pull()
{
    if (outbox::bulkExport(m_session.connection)) { // one that was cut off
        if (const auto taken = pullFiles(); !taken)
            return stop(taken.error());
    }
    m_checkpoint = outbox::checkpoint(m_session.connection, kFeed);
    for (;;) {
        const auto page = pullPage();
        if (!page)
            return stop(page.error());
        if (*page == PageResult::End)
            return {};
    }
}

Step<HttpResponse> Puller::requestPage()
{
    HttpRequest request;
    if (!m_checkpoint.pageLink.empty()) {
        request.url = m_checkpoint.pageLink;
    } else {
        request.url = "_history?_sort=_lastUpdated&_count=" + std::to_string(tunables::kPageEntries);
        if (!m_checkpoint.since.empty() && m_checkpoint.sweep == 0)
            request.url += "&_since=" + encoded(m_checkpoint.since);
    }
    if (!m_checkpoint.newest.empty())
        request.headers.add("Yarrow-Seen", m_checkpoint.newest);
    return m_session.send(std::move(request));
}

Step<Puller::PageResult> Puller::pullPage()
{
    auto response = requestPage();
    if (!response)
        return stop(response.error());
    if (response->status == 410 || (response->status == 400 && !m_checkpoint.pageLink.empty())) {
        // An expired link, or deletions before the cursor are kept no more: what is here is compared whole.
        if (m_checkpoint.pageLink.empty() && m_checkpoint.since.empty())
            return stop(Obstacle::Refused, "HTTP 410 to the beginning of the feed");
        beginSweep("floor");
        return PageResult::Restarted;
    }
    if (response->status != 200)
        return stop(Obstacle::Refused,
                    "HTTP " + std::to_string(response->status) + " to the feed: " + answerOf(*response).code);
    if (const auto tag = response->headers.find("Yarrow-Accounts"); !tag.empty())
        m_session.accountsTag = tag;
    auto page = parseFeedPage(response->body);
    if (!page)
        return stop(Obstacle::Refused, "the feed: " + page.error().context);

    if (!m_checkpoint.epoch.empty() && page->epoch != m_checkpoint.epoch) {
        m_checkpoint.epoch = page->epoch;
        beginSweep("epoch");
        return PageResult::Restarted;
    }
    m_checkpoint.epoch = page->epoch;
    if (!m_checkpoint.scope.empty() && page->scope != m_checkpoint.scope) {
        m_checkpoint.scope = page->scope;
        beginSweep("scope");
        return PageResult::Restarted;
    }
    m_checkpoint.scope = page->scope;

    const bool isBeginning = m_checkpoint.reason == "first" && m_checkpoint.since.empty();
    if (isBeginning && page->next && page->count.value_or(0) >= tunables::kFilesFrom) {
        const auto taken = pullFiles();
        if (!taken)
            return stop(taken.error());
        if (*taken) {
            m_checkpoint = outbox::checkpoint(m_session.connection, kFeed);
            return PageResult::Restarted;
        }
    }

    if (auto allowed = m_brake.beforePage(*page); !allowed)
        return stop(allowed.error());
    std::span<FeedEntry> entries(page->entries);
    while (!entries.empty()) {
        if (m_session.cancelled)
            return stop(Obstacle::Cancelled);
        entries = entries.subspan(take(entries));
    }
    m_checkpoint.pageLink = m_checkpoint.sweep != 0 ? page->next.value_or(std::string()) : std::string();
    if (page->next) {
        if (m_checkpoint.sweep != 0)
            saveCheckpoint();
        return PageResult::More;
    }
    if (m_checkpoint.sweep != 0) {
        if (auto ended = endSweep(); !ended)
            return stop(ended.error());
    }
    compareSummary(*page);
    return m_checkpoint.sweep != 0 ? PageResult::Restarted : PageResult::End;
}

Step<bool> Puller::pullFiles()
{
    return BulkPull(m_session).run();
}

void Puller::beginSweep(std::string reason)
{
    // What a restored server lost is still to be found out, whatever else makes the sweep begin anew; and the
    // first exchange stays the first until it is complete.
    const bool isUnderWay = m_checkpoint.sweep != 0;
    if (!isUnderWay ||
        (m_checkpoint.reason != "epoch" && (m_checkpoint.reason != "first" || reason == "epoch")))
        m_checkpoint.reason = std::move(reason);
    m_checkpoint.sweep = outbox::nextSweep(m_session.connection);
    m_checkpoint.since.clear();
    m_checkpoint.newest.clear();
    m_checkpoint.pageLink.clear();
    saveCheckpoint();
}

void Puller::saveCheckpoint()
{
    Transaction transaction(m_session.connection);
    outbox::setCheckpoint(m_session.connection, kFeed, m_checkpoint);
    transaction.commit();
}

std::size_t Puller::take(std::span<FeedEntry> entries)
{
    SyncWork work(m_session);
    outbox::Checkpoint checkpoint = m_checkpoint;
    const SyncReport before = m_session.report;
    std::size_t taken = 0;
    do {
        FeedEntry& entry = entries[taken];
        checkpoint.since = entry.lastUpdated;
        checkpoint.newest = entry.version;
        takeEntry(work, entry);
        ++taken;
    } while (taken < entries.size() && takesMore(taken, tunables::kChunkEntries));
    // The cursor and what it stands behind are committed together.
    outbox::setCheckpoint(m_session.connection, kFeed, checkpoint);
    try {
        work.commit();
    } catch (...) {
        m_session.report = before;
        throw;
    }
    m_checkpoint = std::move(checkpoint);
    return taken;
}

void Puller::takeEntry(SyncWork& work, FeedEntry& entry)
{
    SyncRecords& records = work.records();
    const std::int64_t sweep = m_checkpoint.sweep;
    if (entry.kind == FeedEntry::Kind::Erased) {
        eraseRecord(m_session, work, {entry.type, entry.id, entry.version, entry.lastUpdated, {}}, sweep);
        ++m_session.report.pulled;
        return;
    }
    if (entry.kind == FeedEntry::Kind::LeftScope) {
        const auto record = records.find(entry.type, entry.id);
        // It may have come back since, and where the server was restored, what is here may be newer than
        // that.
        if (!record || record->version.empty() || sequenceOf(entry.version) <= sequenceOf(record->version) ||
            (m_checkpoint.reason == "epoch" && sweep != 0 && !records.isMet(record->pk, sweep)))
            return;
        if (record->edits.empty() && !record->push) {
            records.drop(*record);
            ++m_session.report.pulled;
        } else {
            // What waits is sent all the same: the server says why it does not take it, and whoever discards
            // it then lets the copy go. Where an upload is under way its fate comes first, then the read.
            outbox::refetch(m_session.connection, entry.type, entry.id);
        }
        return;
    }
    auto version = versionOf(entry);
    if (!version) { // no FHIR document at all: the record stays as it is, and is asked for again
        outbox::refetch(m_session.connection, entry.type, entry.id);
        return;
    }
    if (m_checkpoint.reason == "epoch" && sweep != 0) {
        // The server was restored. Until this version of a record is met, it may have been lost.
        const auto record = records.find(version->type, version->id);
        if (record && !record->version.empty() && record->version != version->version) {
            const bool met = records.isMet(record->pk, sweep);
            const bool follows = epochOf(record->version) == epochOf(version->version) &&
                                 sequenceOf(record->version) < sequenceOf(version->version);
            if (!met && !follows)
                return;
        }
    }
    switch (records.take(*version, sweep)) {
    case SyncRecords::Taken::Stored:
        ++m_session.report.pulled;
        break;
    case SyncRecords::Taken::Known:
    case SyncRecords::Taken::Older:
        break;
    case SyncRecords::Taken::HasEdits:
    case SyncRecords::Taken::BroughtBack: {
        const auto record = records.find(version->type, version->id);
        Reconciler& reconciler = work.reconciler();
        count(m_session.report, record->isLostDeletion() ? reconciler.broughtBack(*record, *version)
                                                         : reconciler.merge(*record, *version));
        if (sweep != 0)
            records.markMet(record->pk, sweep);
        ++m_session.report.pulled;
        break;
    }
    case SyncRecords::Taken::UnderWay:
    case SyncRecords::Taken::Unclear:
        outbox::refetch(m_session.connection, version->type, version->id);
        if (const auto record = records.find(version->type, version->id); record && sweep != 0)
            records.markMet(record->pk, sweep);
        break;
    }
}

Step<void> Puller::endSweep()
{
    const std::vector<std::int64_t> unmet = look(m_session).unmet(m_checkpoint.sweep);
    if (m_checkpoint.reason != "epoch") { // there, what is missing is offered again
        if (auto allowed = m_brake.ask(look(m_session).countUnmet(m_checkpoint.sweep)); !allowed)
            return allowed;
    }
    for (const std::int64_t pk : unmet) {
        if (m_session.cancelled)
            return stop(Obstacle::Cancelled);
        if (auto settled = settleUnmet(pk); !settled)
            return settled;
    }
    m_checkpoint.sweep = 0;
    m_checkpoint.pageLink.clear();
    const FeedSummary counted = FeedSummary::recount(m_session.connection); // only the exchange changes it
    Transaction transaction(m_session.connection);
    counted.write(m_session.connection);
    outbox::setCheckpoint(m_session.connection, kFeed, m_checkpoint);
    transaction.commit();
    return {};
}

Step<void> Puller::settleUnmet(std::int64_t pk)
{
    std::optional<SyncRecord> record = look(m_session).find(pk);
    if (!record || record->version.empty())
        return {};
    if (m_checkpoint.reason == "scope" && record->edits.empty() && !record->push) {
        // It left the scope, or was deleted. Were it to come back, the feed would bring it.
        SyncWork work(m_session);
        record = work.records().find(pk); // somebody may have edited it meanwhile
        if (record->edits.empty()) {
            if (record->body) { // that it was deleted stays known here
                work.records().drop(*record);
                ++m_session.report.pulled;
            }
            work.commit();
            return {};
        }
    }
    if (record->push && m_checkpoint.reason == "epoch") {
        // The server knows the operation or has lost it with the rest: it is sent again under the same id.
        SyncWork work(m_session);
        work.records().endPush(pk);
        work.commit();
    } else if (record->push) { // the fate of the upload comes first
        Transaction transaction(m_session.connection);
        outbox::refetch(m_session.connection, record->type, record->id);
        transaction.commit();
        return {};
    }
    const auto reading = readRecord(m_session, record->type, record->id);
    if (!reading)
        return stop(reading.error());
    if (reading->erased) {
        SyncWork work(m_session);
        eraseRecord(m_session, work,
                    reading->version.value_or(ServerVersion{record->type, record->id, {}, {}, {}}),
                    m_checkpoint.sweep);
        ++m_session.report.pulled;
        work.commit();
        return {};
    }
    if (m_checkpoint.reason == "epoch" && (!reading->version || reading->version->version != record->version))
        return settleLost(*record, reading->version);

    SyncWork work(m_session);
    record = work.records().find(pk); // somebody may have edited it meanwhile
    if (reading->version) {
        if (reading->version->version == record->version)
            work.records().markMet(pk, m_checkpoint.sweep);
        else
            count(m_session.report, work.reconciler().merge(*record, *reading->version));
    } else if (record->edits.empty()) {
        if (record->body) // that it was deleted stays known here, when the server has forgotten it
            work.records().drop(*record);
    } // else: out of scope or deleted long ago, which the answer to what waits will tell
    ++m_session.report.pulled;
    work.commit();
    return {};
}

Step<void> Puller::settleLost(const SyncRecord& record, const std::optional<ServerVersion>& present)
{
    if (!present) {
        SyncWork work(m_session);
        const SyncRecord again = *work.records().find(record.pk);
        work.records().offerAgain(again, offeringAuthor(m_session, again, Operation::Create),
                                  m_session.clinic.device);
        work.commit();
        return {};
    }
    HttpRequest request;
    request.url = record.type + "/" + record.id + "/_history?_count=1000";
    auto response = m_session.send(std::move(request), true);
    if (!response)
        return stop(response.error());
    auto history = parseFeedPage(response->body);
    if (response->status != 200 || !history)
        return stop(Obstacle::Refused, "the history of " + record.type + "/" + record.id);

    SyncWork work(m_session);
    const SyncRecord again = *work.records().find(record.pk);
    const auto is = [&](const FeedEntry& entry) {
        if (entry.version == again.version)
            return true;
        // Offered again since by somebody else: after one of the restores that this workstation missed,
        // perhaps.
        const bool isSince = epochOf(entry.version) == m_checkpoint.epoch ||
                             (epochOf(entry.version) != epochOf(again.version) &&
                              compareInstants(entry.lastUpdated, again.lastUpdated).value_or(0) > 0);
        return isSince && saysThat(entry, again.atServer());
    };
    const bool isLost = std::none_of(history->entries.begin(), history->entries.end(), is);
    const Operation operation = again.atServer() ? Operation::Update : Operation::Delete;
    const WaitingEdit lost{0,
                           offeringAuthor(m_session, again, operation),
                           m_session.clinic.device,
                           formatInstant(m_session.clock.now()),
                           {},
                           {},
                           again.atServer()};
    count(m_session.report,
          isLost ? work.reconciler().mergeLost(again, ancestorOf(*history, again.version), lost, *present)
                 : work.reconciler().merge(again, *present));
    work.records().markMet(record.pk, m_checkpoint.sweep);
    ++m_session.report.pulled;
    work.commit();
    return {};
}

void Puller::compareSummary(const FeedPage& page)
{
    m_session.report.matchesServer = false;
    if (!page.count || !outbox::toRefetch(m_session.connection).empty())
        return;
    const FeedSummary here = FeedSummary::read(m_session.connection);
    if (here.live == *page.count && here.hex() == page.digest) {
        m_session.report.matchesServer = true;
        if (m_checkpoint.reason == "digest") {
            m_checkpoint.reason.clear();
            saveCheckpoint();
        }
    } else if (m_checkpoint.reason != "digest" && outbox::underWay(m_session.connection).empty()) {
        // Once; a difference that a sweep leaves is shown, and not swept for ever.
        beginSweep("digest");
    }
}

Step<void> Puller::refetch()
{
    std::optional<Stop> stopped;
    for (const auto& [type, id] : outbox::toRefetch(m_session.connection)) {
        if (m_session.cancelled)
            return stop(Obstacle::Cancelled);
        if (const auto record = look(m_session).find(type, id); record && record->push)
            continue;
        const auto reading = readRecord(m_session, type, id);
        if (!reading && isAboutOne(reading.error().obstacle)) { // the others go on
            stopped = reading.error();
            continue;
        }
        if (!reading)
            return stop(reading.error());
        takeReading(type, id, *reading);
    }
    return stopped ? Step<void>(stop(*stopped)) : Step<void>();
}

void Puller::takeReading(const std::string& type, const std::string& id, const RecordReading& reading)
{
    SyncWork work(m_session);
    const auto record = work.records().find(type, id);
    if (reading.erased) {
        eraseRecord(m_session, work, reading.version.value_or(ServerVersion{type, id, {}, {}, {}}));
        ++m_session.report.pulled;
    } else if (reading.version) {
        if (record && reading.version->record && record->isLostDeletion()) {
            count(m_session.report, work.reconciler().broughtBack(*record, *reading.version));
            ++m_session.report.pulled;
        } else if (!record || record->edits.empty()) {
            m_session.report.pulled += work.records().take(*reading.version) == SyncRecords::Taken::Stored;
        } else if (record->version != reading.version->version) {
            count(m_session.report, work.reconciler().merge(*record, *reading.version));
            ++m_session.report.pulled;
        }
    } else if (record && !record->version.empty()) {
        // Out of scope, or deleted so long ago that the server has forgotten it. Where something waits, the
        // answer to that will tell which.
        if (record->edits.empty() && record->body)
            work.records().drop(*record);
    }
    outbox::refetched(m_session.connection, type, id);
    work.commit();
}

bool Puller::mayPush() const
{
    const outbox::Checkpoint checkpoint = outbox::checkpoint(m_session.connection, kFeed);
    return checkpoint.sweep == 0 || checkpoint.reason == "digest" || checkpoint.reason == "scope";
}

} // namespace yarrow::sync
