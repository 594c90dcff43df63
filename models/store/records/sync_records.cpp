// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/records/sync_records.h"

#include "models/store/sync/outbox.h"

#include <algorithm>

namespace yarrow {
namespace {

#define YARROW_RECORD_COLUMNS                                                                                \
    "SELECT r.pk, r.type, r.id, r.body, r.base, r.version, r.last_updated, r.author, k.patient, "            \
    "coalesce(r.version_author, ''), "                                                                       \
    "EXISTS (SELECT 1 FROM quarantine q WHERE q.resource = r.pk) "                                           \
    "FROM resource r LEFT JOIN patient_key k ON k.pk = r.patient "

std::optional<std::string> textOrNothing(const Query& query, int column)
{
    std::optional<std::string> text;
    if (!query.isNull(column))
        text = query.string(column);
    return text;
}

template <class T>
void bindTextOrNull(Query& query, const T& text)
{
    if (text.empty())
        query.bind(nullptr);
    else
        query.bind(text);
}

Result<PreparedRecord> prepare(const std::string& document)
{
    const auto json = Json::parse(document);
    return json ? PreparedRecord::ofServer(*json) : fail(json.error());
}

} // namespace

SyncRecords::SyncRecords(Connection& connection, const Clock& clock, VersionOrder order)
    : m_connection(connection)
    , m_clock(clock)
    , m_order(order)
    , m_patientKeys(connection)
    , m_erasure(connection, clock)
    , m_summary(FeedSummary::read(connection))
{}

void SyncRecords::finish()
{
    if (m_summaryChanged)
        m_summary.write(m_connection);
    m_summaryChanged = false;
    m_erasure.finish();
}

std::optional<bool> SyncRecords::isNewerThan(const ServerVersion& version, std::string_view storedVersion,
                                             std::string_view storedLastUpdated) const
{
    if (m_order == VersionOrder::Sequence)
        return sequenceOf(version.version) > sequenceOf(storedVersion);
    const auto order = compareInstants(version.lastUpdated, storedLastUpdated);
    if (!order || *order == 0)
        return std::nullopt;
    return *order > 0;
}

std::optional<bool> SyncRecords::isNewer(const ServerVersion& version, const SyncRecord& stored) const
{
    return stored.version.empty() ? std::optional(true)
                                  : isNewerThan(version, stored.version, stored.lastUpdated);
}

SyncRecords::Taken SyncRecords::take(const ServerVersion& version, std::int64_t sweep)
{
    Query stored(m_connection, "SELECT r.pk, r.version, r.last_updated, r.deleted, r.erased, "
                               "EXISTS (SELECT 1 FROM edit e WHERE e.resource = r.pk), "
                               "EXISTS (SELECT 1 FROM push p WHERE p.resource = r.pk) "
                               "FROM resource r WHERE r.type = ? AND r.id = ?");
    stored.bind(version.type, version.id);
    const Instant now = m_clock.now();
    const std::int64_t changedAt = now.time_since_epoch().count();
    if (!stored.step()) {
        if (!version.record) {
            // Histories elsewhere are newest first: what it was before must not live again.
            if (m_order == VersionOrder::LastUpdated)
                Query(m_connection,
                      "INSERT INTO resource (type, id, deleted, version, last_updated, "
                      "changed_at, seen_sweep, version_author) VALUES (?, ?, 1, ?, ?, ?, ?, nullif(?, ''))")
                    .bind(version.type, version.id, version.version, version.lastUpdated, changedAt, sweep,
                          version.author)
                    .run();
            return Taken::Known;
        }
        const PreparedRecord& record = *version.record;
        Query(m_connection,
              "INSERT INTO resource (type, id, body, version, last_updated, changed_at, patient, "
              "seen_sweep, version_author) VALUES (?, ?, ?, ?, ?, ?, ?, ?, nullif(?, ''))")
            .bind(version.type, version.id, Borrowed{record.body}, version.version, version.lastUpdated,
                  changedAt, patientRow(record.patient), sweep, version.author)
            .run();
        record.projection.store(m_connection, m_connection.db().getLastInsertRowid(), false, now);
        m_summary.add(version.type, version.id, version.version);
        m_summaryChanged = true;
        return Taken::Stored;
    }

    const std::int64_t pk = stored.integer(0);
    const std::string storedVersion = stored.string(1);
    const bool wasDeleted = stored.integer(3) != 0;
    const bool hasEdits = stored.integer(5) != 0;
    if (stored.integer(4) != 0)
        return Taken::Known;
    if (!storedVersion.empty()) {
        if (storedVersion == version.version) {
            if (sweep != 0)
                markMet(pk, sweep);
            return Taken::Known;
        }
        const auto newer = isNewerThan(version, storedVersion, stored.string(2));
        if (!newer)
            return Taken::Unclear;
        if (!*newer)
            return Taken::Older;
    }
    if (stored.integer(6) != 0)
        return Taken::UnderWay;
    if (hasEdits)
        return Taken::HasEdits;
    if (m_order == VersionOrder::Sequence && wasDeleted && storedVersion.empty() && version.record &&
        !stored.isNull(2))
        return Taken::BroughtBack;

    if (!storedVersion.empty() && !wasDeleted)
        m_summary.remove(version.type, version.id, storedVersion);
    if (version.record)
        m_summary.add(version.type, version.id, version.version);
    m_summaryChanged = true;
    if (!version.record) {
        Query(m_connection,
              "UPDATE resource SET body = NULL, deleted = 1, version = ?, last_updated = ?, author = NULL, "
              "version_author = nullif(?, ''), revision = revision + 1, changed_at = ?, "
              "seen_sweep = max(seen_sweep, ?) WHERE pk = ?")
            .bind(version.version, version.lastUpdated, version.author, changedAt, sweep, pk)
            .run();
        Projection::erase(m_connection, version.type, pk);
        return Taken::Stored;
    }
    const PreparedRecord& record = *version.record;
    Query(m_connection,
          "UPDATE resource SET body = ?, deleted = 0, version = ?, last_updated = ?, author = NULL, "
          "version_author = nullif(?, ''), revision = revision + 1, changed_at = ?, patient = ?, "
          "seen_sweep = max(seen_sweep, ?) WHERE pk = ?")
        .bind(Borrowed{record.body}, version.version, version.lastUpdated, version.author, changedAt,
              patientRow(record.patient), sweep, pk)
        .run();
    Projection::erase(m_connection, version.type, pk);
    record.projection.store(m_connection, pk, false, now);
    return Taken::Stored;
}

std::optional<SyncRecord> SyncRecords::load(Query& query)
{
    if (!query.step())
        return std::nullopt;
    SyncRecord record;
    record.pk = query.integer(0);
    record.type = query.string(1);
    record.id = query.string(2);
    record.body = textOrNothing(query, 3);
    record.base = textOrNothing(query, 4);
    record.version = query.string(5);
    record.lastUpdated = query.string(6);
    record.author = query.string(7);
    record.patient = query.string(8);
    record.versionAuthor = query.string(9);
    record.quarantined = query.integer(10) != 0;

    Query edits(m_connection, "SELECT seq, author, device, at, unit, reason, document FROM edit "
                              "WHERE resource = ? ORDER BY seq");
    edits.bind(record.pk);
    while (edits.step()) {
        record.edits.push_back({edits.integer(0), edits.string(1), edits.string(2), edits.string(3),
                                edits.string(4), edits.string(5), textOrNothing(edits, 6)});
    }
    record.isCounted = !record.version.empty() && record.atServer();
    Query push(m_connection,
               "SELECT op, up_to, author, unit, document, version, at FROM push WHERE resource = ?");
    if (push.bind(record.pk).step()) {
        record.push = Push{push.string(0),         push.integer(1), push.string(2), push.string(3),
                           textOrNothing(push, 4), push.string(5),  push.string(6)};
    }
    return record;
}

std::optional<SyncRecord> SyncRecords::find(std::string_view type, std::string_view id)
{
    Query query(m_connection, YARROW_RECORD_COLUMNS "WHERE r.type = ? AND r.id = ?");
    return load(query.bind(type, id));
}

std::optional<SyncRecord> SyncRecords::find(std::int64_t pk)
{
    Query query(m_connection, YARROW_RECORD_COLUMNS "WHERE r.pk = ?");
    return load(query.bind(pk));
}

std::optional<std::int64_t> SyncRecords::patientRow(const std::string& patient)
{
    if (patient.empty())
        return std::nullopt;
    return m_patientKeys.of(patient).pk;
}

void SyncRecords::writeServerState(std::int64_t pk, const ServerVersion& version, bool hasEdits)
{
    Query update(m_connection,
                 "UPDATE resource SET base = ?, version = ?, last_updated = ?, version_author = ? "
                 "WHERE pk = ?");
    if (hasEdits && version.record)
        update.bind(Borrowed{version.record->body});
    else
        update.bind(nullptr);
    bindTextOrNull(update, version.version); // a booking may be refused before the record is known there
    bindTextOrNull(update, version.lastUpdated);
    bindTextOrNull(update, version.author);
    update.bind(pk).run();
}

void SyncRecords::writeBody(const SyncRecord& record, const std::optional<PreparedRecord>& body,
                            bool sameToPeople)
{
    const Instant now = m_clock.now();
    const std::int64_t changedAt = now.time_since_epoch().count();
    Projection::erase(m_connection, record.type, record.pk);
    if (!body) {
        Query(m_connection, "UPDATE resource SET body = NULL, deleted = 1, revision = revision + ?, "
                            "changed_at = ? WHERE pk = ?")
            .bind(!sameToPeople, changedAt, record.pk)
            .run();
        return;
    }
    Query(m_connection, "UPDATE resource SET body = ?, deleted = 0, revision = revision + ?, changed_at = ?, "
                        "patient = ? WHERE pk = ?")
        .bind(Borrowed{body->body}, !sameToPeople, changedAt, patientRow(body->patient), record.pk)
        .run();
    body->projection.store(m_connection, record.pk, false, now);
}

void SyncRecords::writeEdits(std::int64_t pk, const std::vector<WaitingEdit>& edits)
{
    Query(m_connection, "DELETE FROM edit WHERE resource = ?").bind(pk).run();
    for (const WaitingEdit& edit : edits) {
        Query insert(m_connection, "INSERT INTO edit (resource, author, device, at, unit, reason, document) "
                                   "VALUES (?, ?, ?, ?, ?, ?, ?)");
        insert.bind(pk, edit.author, edit.device, edit.at);
        bindTextOrNull(insert, edit.unit);
        bindTextOrNull(insert, edit.reason);
        insert.bind(edit.document).run();
    }
}

void SyncRecords::rebase(const SyncRecord& record, const ServerVersion& version,
                         const std::vector<WaitingEdit>& edits, bool sameToPeople)
{
    if (record.isCounted)
        m_summary.remove(record.type, record.id, record.version);
    if (version.record)
        m_summary.add(record.type, record.id, version.version);
    m_summaryChanged = true;

    writeServerState(record.pk, version, !edits.empty());
    std::optional<PreparedRecord> body = version.record;
    if (!edits.empty()) {
        body.reset();
        if (edits.back().document) {
            auto prepared = prepare(*edits.back().document);
            YARROW_ASSERT(prepared.has_value()); // it was stored before, or is a merge of such
            body = std::move(*prepared);
        }
    }
    writeBody(record, body, sameToPeople);
    const bool isNew =
        std::any_of(edits.begin(), edits.end(), [](const WaitingEdit& edit) { return edit.seq == 0; });
    outbox::release(m_connection, record.pk);
    if (record.push) // it was answered
        Query(m_connection, "DELETE FROM write_failure WHERE resource = ?").bind(record.pk).run();
    if (isNew || edits != record.edits)
        writeEdits(record.pk, edits);
    const bool isOurs = !edits.empty() || record.push;
    if (!isOurs) // somebody else wrote the document that is here now
        Query(m_connection, "UPDATE resource SET author = NULL WHERE pk = ?").bind(record.pk).run();
    endPush(record.pk);
}

void SyncRecords::acknowledge(const SyncRecord& record, const ServerVersion& version, const std::string& body)
{
    if (record.isCounted)
        m_summary.remove(record.type, record.id, record.version);
    m_summary.add(record.type, record.id, version.version);
    m_summaryChanged = true;
    Query(m_connection, "UPDATE resource SET body = ?, base = NULL, version = ?, last_updated = ?, "
                        "version_author = nullif(?, '') WHERE pk = ?")
        .bind(Borrowed{body}, version.version, version.lastUpdated, version.author, record.pk)
        .run();
    if (record.quarantined)
        outbox::release(m_connection, record.pk);
    Query(m_connection, "DELETE FROM write_failure WHERE resource = ?").bind(record.pk).run();
    Query(m_connection, "DELETE FROM edit WHERE resource = ?").bind(record.pk).run();
    endPush(record.pk);
}

void SyncRecords::offerAgain(const SyncRecord& record, const std::string& author, const std::string& device)
{
    const std::optional<std::string> lost = record.atServer();
    if (record.isCounted) {
        m_summary.remove(record.type, record.id, record.version);
        m_summaryChanged = true;
    }
    std::vector<WaitingEdit> edits = record.edits;
    // On its own also where edits wait: others may offer another version of it, and may have an older one.
    if (lost) {
        edits.insert(edits.begin(),
                     WaitingEdit{0, author, device, formatInstant(m_clock.now()), {}, {}, lost});
        writeEdits(record.pk, edits);
    }
    Query(m_connection, "UPDATE resource SET base = ?1, version = NULL, "
                        "last_updated = iif(?2, last_updated, NULL), "
                        "version_author = iif(?3, version_author, NULL) WHERE pk = ?4")
        .bind(lost, lost || edits.empty(), !lost && edits.empty(), record.pk)
        .run();
    outbox::release(m_connection, record.pk);
    endPush(record.pk);
}

void SyncRecords::offerUnanswered(const SyncRecord& record)
{
    YARROW_ASSERT(record.version.empty() && record.push && record.push->document);
    Query(m_connection, "UPDATE resource SET base = ?, last_updated = NULL WHERE pk = ?")
        .bind(Borrowed{*record.push->document}, record.pk)
        .run();
    endPush(record.pk);
}

void SyncRecords::drop(const SyncRecord& record)
{
    YARROW_ASSERT(record.edits.empty() && !record.push);
    if (record.isCounted)
        m_summary.remove(record.type, record.id, record.version);
    m_summaryChanged = true;
    Projection::forget(m_connection, record.type, record.pk);
    // The row stays, so that its number never names another record.
    Query(m_connection, "UPDATE resource SET body = NULL, deleted = 1, version = NULL, last_updated = NULL, "
                        "version_author = NULL, revision = revision + 1, changed_at = ? WHERE pk = ?")
        .bind(std::int64_t{m_clock.now().time_since_epoch().count()}, record.pk)
        .run();
}

std::vector<RecordErasure::Erased> SyncRecords::erase(const ServerVersion& version, std::int64_t sweep)
{
    std::vector<RecordErasure::Erased> erased =
        m_erasure.erase(version.type, version.id, version.version, version.lastUpdated);
    for (const RecordErasure::Erased& one : erased) {
        if (one.atServer.empty())
            continue;
        m_summary.remove(one.type, one.id, one.atServer);
        m_summaryChanged = true;
    }
    if (sweep != 0) {
        if (const auto record = find(version.type, version.id))
            markMet(record->pk, sweep);
    }
    return erased;
}

void SyncRecords::forget(const SyncRecord& record)
{
    YARROW_ASSERT(record.version.empty() && !record.body && !record.push);
    writeEdits(record.pk, {});
    std::vector<std::int64_t> tasks;
    {
        Query query(m_connection,
                    "SELECT r.pk FROM conflict_index c JOIN resource r ON r.pk = c.pk "
                    "WHERE c.focus_type = ? AND c.focus_id = ? AND c.open = 1 "
                    "AND r.version IS NULL AND NOT EXISTS (SELECT 1 FROM push p WHERE p.resource = r.pk)");
        query.bind(record.type, record.id);
        while (query.step())
            tasks.push_back(query.integer(0));
    }
    for (const std::int64_t task : tasks) {
        Projection::erase(m_connection, "Task", task);
        writeEdits(task, {});
        Query(m_connection,
              "UPDATE resource SET body = NULL, deleted = 1, revision = revision + 1 WHERE pk = ?")
            .bind(task)
            .run();
    }
}

bool SyncRecords::isWaiting(std::int64_t pk, const std::string& version, std::int64_t edit)
{
    Query query(m_connection, "SELECT 1 FROM resource r JOIN edit e ON e.resource = r.pk AND e.seq = ? "
                              "WHERE r.pk = ? AND coalesce(r.version, '') = ? "
                              "AND NOT EXISTS (SELECT 1 FROM push p WHERE p.resource = r.pk)");
    return query.bind(edit, pk, version).step();
}

void SyncRecords::beginPush(std::int64_t pk, const Push& push)
{
    Query insert(m_connection, "INSERT INTO push (resource, op, up_to, author, unit, document, version, at) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(pk, push.op, push.upTo, push.author);
    bindTextOrNull(insert, push.unit);
    insert.bind(push.document);
    bindTextOrNull(insert, push.version);
    insert.bind(push.at).run();
}

void SyncRecords::endPush(std::int64_t pk)
{
    Query(m_connection, "DELETE FROM push WHERE resource = ?").bind(pk).run();
}

std::vector<std::int64_t> SyncRecords::unmet(std::int64_t sweep, const std::string& type)
{
    std::vector<std::int64_t> found;
    Query query(m_connection,
                "SELECT pk FROM resource WHERE version IS NOT NULL AND erased = 0 AND seen_sweep < ?1 "
                "AND (?2 = '' OR (type = ?2 AND (deleted = 0 OR base IS NOT NULL))) ORDER BY pk");
    query.bind(sweep, type);
    while (query.step())
        found.push_back(query.integer(0));
    return found;
}

std::int64_t SyncRecords::countUnmet(std::int64_t sweep)
{
    Query query(m_connection,
                "SELECT count(*) FROM resource r WHERE r.version IS NOT NULL AND r.seen_sweep < ? "
                "AND r.deleted = 0 AND NOT EXISTS (SELECT 1 FROM edit e WHERE e.resource = r.pk)");
    query.bind(sweep);
    return query.step() ? query.integer(0) : 0;
}

bool SyncRecords::isMet(std::int64_t pk, std::int64_t sweep)
{
    Query query(m_connection, "SELECT 1 FROM resource WHERE pk = ? AND seen_sweep >= ?");
    return query.bind(pk, sweep).step();
}

void SyncRecords::markMet(std::int64_t pk, std::int64_t sweep)
{
    Query(m_connection, "UPDATE resource SET seen_sweep = ? WHERE pk = ? AND seen_sweep < ?")
        .bind(sweep, pk, sweep)
        .run();
}

} // namespace yarrow
