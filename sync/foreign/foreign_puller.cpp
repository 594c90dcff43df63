// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/foreign/foreign_puller.h"

#include "sync/engine/tunables.h"
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

// A foreign feed has no epoch and no scope; their columns hold what the comparison of ids must remember.
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

} // namespace

Step<void> ForeignPuller::pull()
{
    if (auto pulled = pullFeeds(); !pulled)
        return pulled;
    m_session.report.conflicts += openOverlaps(m_session, std::exchange(m_session.pulledAppointments, {}));
    return {};
}

Step<void> ForeignPuller::pullFeeds()
{
    if (m_dialect.feed == Dialect::Feed::SystemHistory)
        return pullFeed({});
    for (const std::string& type : m_dialect.types) {
        if (auto pulled = pullFeed(type); !pulled)
            return pulled;
        if (!m_dialect.showsDeletions()) {
            if (auto compared = compareIds(type); !compared)
                return compared;
        }
    }
    return {};
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
        return feed + "?_sort=_lastUpdated&" + page + (since.empty() ? "" : "&_lastUpdated=ge" + since);
    case Dialect::Feed::Sweep:
        break;
    }
    return feed + "?" + page;
}

Step<void> ForeignPuller::pullFeed(const std::string& feed)
{
    outbox::Checkpoint checkpoint = outbox::checkpoint(m_session.connection, feed);
    std::string newest = checkpoint.pageLink.empty() ? checkpoint.since : checkpoint.newest;
    bool restarted = false;
    for (;;) {
        const bool followsLink = !checkpoint.pageLink.empty();
        auto page = readPage(m_session, followsLink ? checkpoint.pageLink : addressOf(feed, checkpoint));
        if (!page) {
            // A link that has expired: from the cursor again, which stands before everything of these pages.
            if (page.error().obstacle != Obstacle::Refused || !followsLink || restarted)
                return stop(page.error());
            checkpoint.pageLink.clear();
            restarted = true;
            continue;
        }
        const bool isLast = !page->next;
        if (auto taken = take(std::move(*page), feed, checkpoint, newest); !taken)
            return taken;
        if (isLast)
            return {};
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
        if (auto allowed = brake(removals); !allowed)
            return allowed;
        for (FeedEntry& entry : chunk) {
            if (isLater(entry.lastUpdated, newest))
                newest = entry.lastUpdated;
            if (const auto version = versionFromWire(std::move(entry), ids))
                takeVersion(m_session, work, *version, 0);
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
    const std::int64_t before = sweepBefore(checkpoint);
    std::string url = type + "?_elements=id&_count=" + std::to_string(tunables::kForeignPageEntries);
    while (!url.empty()) {
        auto page = readPage(m_session, url);
        if (!page)
            return stop(page.error());
        SyncWork work(m_session);
        IdMap ids(m_session.connection);
        for (const FeedEntry& entry : page->entries) {
            const auto record = work.records().find(entry.type, ids.local(entry.type, entry.id));
            if (record)
                work.records().markMet(record->pk, sweep);
            else
                outbox::refetch(m_session.connection, entry.type, entry.id);
        }
        work.commit();
        url = page->next.value_or(std::string());
    }
    std::vector<std::int64_t> missing;
    std::vector<std::int64_t> missingTwice;
    {
        SyncWork work(m_session);
        missing = work.records().unmet(sweep, type);
        missingTwice = work.records().unmet(before, type);
    }
    if (auto allowed = brake(static_cast<std::int64_t>(missing.size())); !allowed)
        return allowed;
    for (const std::int64_t pk : missing) {
        const bool twice = before != 0 && std::binary_search(missingTwice.begin(), missingTwice.end(), pk);
        if (auto settled = settleMissing(pk, twice); !settled)
            return settled;
    }
    checkpoint.epoch = std::to_string(sweep);
    checkpoint.scope = formatInstant(m_session.clock.now());
    checkpoint.sweep = sweep; // so that the next one has another number
    Transaction transaction(m_session.connection);
    outbox::setCheckpoint(m_session.connection, type, checkpoint);
    transaction.commit();
    return {};
}

Step<void> ForeignPuller::settleMissing(std::int64_t pk, bool missingTwice)
{
    std::optional<SyncRecord> record;
    {
        SyncWork work(m_session);
        record = work.records().find(pk);
    }
    if (!record || record->push || !record->atServer())
        return {};
    const auto reading = readFromWire(m_session, record->type, record->id);
    if (!reading)
        return stop(reading.error());
    if (reading->kind == WireReading::Kind::Missing && !missingTwice)
        return {}; // may be lost access: the next comparison tells
    SyncWork work(m_session);
    record = work.records().find(pk); // somebody may have edited it meanwhile
    count(m_session.report, work.reconciler().merge(*record, reading->version));
    ++m_session.report.pulled;
    work.commit();
    return {};
}

Step<void> ForeignPuller::brake(std::int64_t more)
{
    m_removed += more;
    if (more == 0 || m_session.deletionsAllowed || m_removed <= tunables::kBrakeRecords)
        return {};
    const std::int64_t all = FeedSummary::read(m_session.connection).live;
    if (m_removed * 100 <= all * tunables::kBrakePercent)
        return {};
    return stop(Obstacle::AskDeletions, std::to_string(m_removed) + " of " + std::to_string(all));
}

Step<void> ForeignPuller::refetch()
{
    for (const auto& [type, id] : outbox::toRefetch(m_session.connection)) {
        if (m_session.cancelled)
            return stop(Obstacle::Cancelled);
        std::optional<SyncRecord> record;
        {
            SyncWork work(m_session);
            record = work.records().find(type, id);
        }
        if (record && record->push)
            continue;
        const auto reading = readFromWire(m_session, type, id);
        if (!reading)
            return stop(reading.error());
        SyncWork work(m_session);
        record = work.records().find(type, id); // somebody may have edited it meanwhile
        if (reading->kind == WireReading::Kind::Missing) {
            // Not seen is not deleted; a new record that could not be made stays what it is.
            if (record && !record->edits.empty() && !record->version.empty()) {
                outbox::quarantine(m_session.connection, record->pk, record->edits.back().seq,
                                   {404, "not-found", {}}, formatInstant(m_session.clock.now()));
                ++m_session.report.quarantined;
            }
        } else if (!record) {
            takeVersion(m_session, work, reading->version, 0);
        } else if (record->version != reading->version.version) {
            count(m_session.report, work.reconciler().merge(*record, reading->version));
            ++m_session.report.pulled;
        }
        outbox::refetched(m_session.connection, type, id);
        work.commit();
    }
    return {};
}

} // namespace yarrow::sync
