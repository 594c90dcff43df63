// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/foreign/foreign_puller.h"

#include "sync/engine/tunables.h"
#include "sync/foreign/creation_mark.h"
#include "sync/foreign/overlaps.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

namespace yarrow::sync {
namespace {

/// Servers stamp a version before they commit it: one may appear behind the cursor.
constexpr std::chrono::seconds kOverlap{10};
/// Where deletions are never shown, ids are compared as often.
constexpr std::chrono::minutes kCompareEvery{10};

std::string beforeOverlap(const std::string& since)
{
    const auto instant = parseInstant(since);
    return instant ? formatInstant(*instant - kOverlap) : since;
}

bool isLater(const std::string& a, const std::string& b)
{
    const auto first = parseInstant(a);
    const auto second = parseInstant(b);
    return first && (!second || *first > *second);
}

// A foreign feed has no epoch, no scope and no reason; their columns hold what the comparison of ids must
// remember: its number, its time, and who made it.
std::int64_t sweepBefore(const outbox::Checkpoint& checkpoint)
{
    std::int64_t number = 0;
    std::from_chars(checkpoint.epoch.data(), checkpoint.epoch.data() + checkpoint.epoch.size(), number);
    return number;
}

bool isDue(const outbox::Checkpoint& checkpoint, Instant now)
{
    const auto compared = parseInstant(checkpoint.scope);
    return !compared || now - *compared >= kCompareEvery || *compared > now;
}

/// Another token may show less: what is missing then need not be gone.
std::string credentialsOf(const ServerLink& link)
{
    return uuidOf({link.url, link.clientId, link.keyName, link.account, link.enrolledAt});
}

std::string searchFrom(const std::string& type, const std::string& time)
{
    return type + "?_sort=_lastUpdated&_count=" + std::to_string(tunables::kForeignPageEntries) +
           (time.empty() ? "" : "&_lastUpdated=ge" + time);
}

/// How a search by time goes on behind a page that came in order: by the time itself. Its own link counts
/// records, and one that is changed meanwhile moves to the end and lets another slip through.
std::optional<std::string> timeBehind(const FeedPage& page, const std::string& asked)
{
    std::string greatest;
    for (const FeedEntry& entry : page.entries) {
        if (!parseInstant(entry.lastUpdated) || isLater(greatest, entry.lastUpdated))
            return std::nullopt;
        greatest = entry.lastUpdated;
    }
    // With more of one time than a page holds there is no other way than the link.
    return !greatest.empty() && (asked.empty() || isLater(greatest, asked)) ? std::optional(greatest)
                                                                            : std::nullopt;
}

} // namespace

Step<void> ForeignPuller::pull()
{
    if (auto pulled = pullFeeds(); !pulled)
        return pulled;
    if (!m_trouble)
        m_session.report.conflicts += openOverlaps(m_session);
    return {};
}

Step<void> ForeignPuller::pullFeeds()
{
    m_trouble.reset();
    if (m_dialect.feed == Dialect::Feed::SystemHistory) {
        const auto status = pullFeed({});
        if (!status)
            return stop(status.error());
        return *status == 200 ? Step<void>()
                              : stop(*status == 403 ? Obstacle::Unauthorised : Obstacle::Refused,
                                     "HTTP " + std::to_string(*status) + " to the server's history");
    }
    std::vector<std::string> unread;
    for (const std::string& type : m_dialect.types) {
        const auto status = pullFeed(type);
        if (!status && !passesOver(status.error()))
            return stop(status.error());
        if (!status)
            continue;
        if (*status != 200) {
            unread.push_back(type);
        } else if (!m_dialect.showsDeletions()) {
            if (auto compared = compareIds(type); !compared && !passesOver(compared.error()))
                return compared;
        }
    }
    if (unread.size() == m_dialect.types.size())
        return stop(Obstacle::Unauthorised, "the server lets nothing be read");
    keepUnread(std::move(unread));
    return {};
}

bool ForeignPuller::passesOver(const Stop& trouble)
{
    const bool asks = trouble.obstacle == Obstacle::AskDeletions;
    if (!asks && !isAboutOne(trouble.obstacle))
        return false;
    if (!m_trouble || (asks && m_trouble->obstacle != Obstacle::AskDeletions)) // a person can do something
        m_trouble = trouble;
    return true;
}

void ForeignPuller::keepUnread(std::vector<std::string> unread)
{
    if (m_dialect.unread == unread)
        return;
    m_dialect.unread = std::move(unread);
    Transaction transaction(m_session.connection);
    if (auto link = readServerLink(m_session.connection)) {
        link->dialect = m_dialect.toJson();
        writeServerLink(m_session.connection, *link);
    }
    transaction.commit();
}

std::string ForeignPuller::addressOf(const std::string& feed, const outbox::Checkpoint& checkpoint) const
{
    const std::string page = "_count=" + std::to_string(tunables::kForeignPageEntries);
    const std::string since = checkpoint.since.empty() ? std::string() : beforeOverlap(checkpoint.since);
    switch (m_dialect.feed) {
    case Dialect::Feed::SystemHistory:
        return "_history?" + page + (since.empty() ? "" : "&_since=" + since);
    case Dialect::Feed::TypeHistory:
        return feed + "/_history?" + page + (since.empty() ? "" : "&_since=" + since);
    case Dialect::Feed::LastUpdated:
        return searchFrom(feed, since);
    case Dialect::Feed::Sweep:
        break;
    }
    return feed + "?" + page;
}

Step<int> ForeignPuller::pullFeed(const std::string& feed)
{
    outbox::Checkpoint checkpoint = outbox::checkpoint(m_session.connection, feed);
    std::string newest = checkpoint.pageLink.empty() ? checkpoint.since : checkpoint.newest;
    std::string asked; // the time this page was asked for, where there are no links
    bool restarted = false;
    for (;;) {
        const bool followsLink = !checkpoint.pageLink.empty();
        auto reading = readPage(m_session, followsLink ? checkpoint.pageLink : addressOf(feed, checkpoint));
        const bool isRefused =
            reading ? reading->status != 200 : reading.error().obstacle == Obstacle::Refused;
        if (isRefused && followsLink && !restarted) {
            // A link that has expired: from the cursor again, which stands before everything of these pages.
            checkpoint.pageLink.clear();
            asked.clear();
            restarted = true;
            continue;
        }
        if (!reading)
            return stop(reading.error());
        if (isRefused)
            return reading->status;
        FeedPage page = std::move(reading->page);
        const bool isLast = !page.next;
        if (m_dialect.feed == Dialect::Feed::LastUpdated && !isLast) {
            if (const auto behind = timeBehind(page, asked)) {
                page.next = searchFrom(feed, encoded(*behind));
                asked = *behind;
            }
        }
        if (auto taken = take(std::move(page), feed, checkpoint, newest); !taken)
            return stop(taken.error());
        if (isLast)
            return 200;
    }
}

Step<void> ForeignPuller::take(FeedPage page, const std::string& feed, outbox::Checkpoint& checkpoint,
                               std::string& newest)
{
    std::span<FeedEntry> entries(page.entries);
    do {
        if (m_session.cancelled)
            return stop(Obstacle::Cancelled);
        const auto chunk = entries.first(std::min(entries.size(), tunables::kChunkEntries));
        entries = entries.subspan(chunk.size());
        SyncWork work(m_session);
        IdMap ids(m_session.connection);
        std::int64_t removals = 0;
        for (const FeedEntry& entry : chunk)
            removals += entry.kind != FeedEntry::Kind::Present &&
                        !outbox::isUnknown(m_session.connection, entry.type, ids.local(entry.type, entry.id));
        if (auto allowed = m_brake.beforeMore(removals); !allowed)
            return allowed;
        for (FeedEntry& entry : chunk) {
            if (isLater(entry.lastUpdated, newest))
                newest = entry.lastUpdated;
            recognise(work, ids, m_session.connection, entry.type, entry.id, entry.document);
            if (const auto version = versionFromWire(std::move(entry), ids))
                takeVersion(m_session, work, *version);
        }
        if (entries.empty()) { // the page and its link together
            checkpoint.pageLink = page.next.value_or(std::string());
            checkpoint.newest = newest;
            if (!page.next)
                checkpoint.since = newest;
            outbox::setCheckpoint(m_session.connection, feed, checkpoint);
        }
        work.commit();
    } while (!entries.empty());
    return {};
}

Step<void> ForeignPuller::compareIds(const std::string& type)
{
    outbox::Checkpoint checkpoint = outbox::checkpoint(m_session.connection, type);
    if (!isDue(checkpoint, m_session.clock.now()))
        return {};
    const std::int64_t sweep = outbox::nextSweep(m_session.connection);
    const std::string credentials = credentialsOf(m_session.link);
    const std::int64_t before = checkpoint.reason == credentials ? sweepBefore(checkpoint) : 0;
    const auto met = meetAll(type, sweep);
    if (!met)
        return stop(met.error());
    if (!*met)
        return stop(Obstacle::Refused, type + ": the ids cannot be listed");
    const std::vector<std::int64_t> missing = look(m_session).unmet(sweep, type);
    const std::vector<std::int64_t> missingTwice = look(m_session).unmet(before, type);
    if (auto allowed = m_brake.beforeMore(static_cast<std::int64_t>(missing.size())); !allowed)
        return allowed;
    for (const std::int64_t pk : missing) {
        const bool twice = before != 0 && std::binary_search(missingTwice.begin(), missingTwice.end(), pk);
        if (auto settled = settleMissing(pk, twice); !settled && !passesOver(settled.error()))
            return settled;
    }
    checkpoint.epoch = std::to_string(sweep);
    checkpoint.scope = formatInstant(m_session.clock.now());
    checkpoint.reason = credentials;
    checkpoint.sweep = sweep; // so that the next one has another number
    Transaction transaction(m_session.connection);
    outbox::setCheckpoint(m_session.connection, type, checkpoint);
    transaction.commit();
    return {};
}

Step<bool> ForeignPuller::meetAll(const std::string& type, std::int64_t sweep)
{
    std::string url = type + "?_elements=id&_count=" + std::to_string(tunables::kForeignPageEntries);
    while (!url.empty()) {
        const auto reading = readPage(m_session, url);
        if (!reading)
            return stop(reading.error());
        if (reading->status != 200)
            return false;
        SyncWork work(m_session);
        IdMap ids(m_session.connection);
        for (const FeedEntry& entry : reading->page.entries) {
            const auto record = work.records().find(entry.type, ids.local(entry.type, entry.id));
            if (record)
                work.records().markMet(record->pk, sweep);
            else
                outbox::refetch(m_session.connection, entry.type, entry.id);
        }
        work.commit();
        url = reading->page.next.value_or(std::string());
    }
    return true;
}

Step<void> ForeignPuller::settleMissing(std::int64_t pk, bool missingTwice)
{
    std::optional<SyncRecord> record = look(m_session).find(pk);
    if (!record || record->push || !record->atServer())
        return {};
    const auto reading = readFromWire(m_session, record->type, record->id);
    if (!reading)
        return stop(reading.error());
    // The first time 404 may be lost access, which the next comparison tells; 403 is nothing else.
    if (reading->kind == WireReading::Kind::Forbidden ||
        (reading->kind == WireReading::Kind::Missing && !missingTwice))
        return {};
    SyncWork work(m_session);
    record = work.records().find(pk); // somebody may have edited it meanwhile
    count(m_session.report, work.reconciler().merge(*record, reading->version));
    noteSeen(m_session, work, pk);
    ++m_session.report.pulled;
    work.commit();
    return {};
}

Step<void> ForeignPuller::refetch()
{
    for (const auto& [type, id] : outbox::toRefetch(m_session.connection)) {
        if (m_session.cancelled)
            return stop(Obstacle::Cancelled);
        if (auto done = refetchOne(type, id); !done && !passesOver(done.error()))
            return done;
    }
    return m_trouble ? stop(*m_trouble) : Step<void>();
}

Step<void> ForeignPuller::refetchOne(const std::string& type, const std::string& noted)
{
    // It may have been noted under the server's name before that was known to be a record of ours.
    const std::string id = IdMap(m_session.connection).local(type, noted);
    if (const auto record = look(m_session).find(type, id); record && record->push)
        return {};
    auto reading = readFromWire(m_session, type, id);
    if (!reading)
        return stop(reading.error());
    if (reading->kind == WireReading::Kind::Missing && m_dialect.readsHistory) {
        // Deleted or out of reach: its history, newest first, tells which.
        const auto history = historyFromWire(m_session, type, id);
        if (!history)
            return stop(history.error());
        if (!history->empty() && !history->front().record)
            *reading = {WireReading::Kind::Deleted, history->front()};
    }
    SyncWork work(m_session);
    takeReading(work, type, id, *reading);
    outbox::refetched(m_session.connection, type, noted);
    work.commit();
    return {};
}

void ForeignPuller::takeReading(SyncWork& work, const std::string& type, const std::string& id,
                                const WireReading& reading)
{
    const auto record = work.records().find(type, id); // somebody may have edited it meanwhile
    if (reading.kind == WireReading::Kind::Missing || reading.kind == WireReading::Kind::Forbidden) {
        // Not seen is not deleted; a new record that could not be made stays what it is.
        if (record && !record->edits.empty() && !record->version.empty()) {
            const bool isMissing = reading.kind == WireReading::Kind::Missing;
            outbox::quarantine(m_session.connection, record->pk, record->edits.back().seq,
                               {isMissing ? 404 : 403, isMissing ? "not-found" : "forbidden", {}},
                               formatInstant(m_session.clock.now()));
            ++m_session.report.quarantined;
        }
        return;
    }
    if (record) {
        noteSeen(m_session, work, record->pk);
        if (record->version != reading.version.version && !record->push) {
            count(m_session.report, work.reconciler().merge(*record, reading.version));
            ++m_session.report.pulled;
        }
        return;
    }
    IdMap ids(m_session.connection);
    if (reading.version.record) {
        const auto document = Json::parse(reading.version.record->body);
        recognise(work, ids, m_session.connection, type, id, *document);
    }
    if (const std::string ours = ids.local(type, id); ours != id)
        outbox::refetch(m_session.connection, type, ours); // under its own name, in the next round
    else
        takeVersion(m_session, work, reading.version);
}

} // namespace yarrow::sync
