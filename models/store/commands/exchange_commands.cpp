// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/commands/exchange_commands.h"

#include "models/fhir/resource_area.h"
#include "models/store/commands/conflict_commands.h"
#include "models/store/sync/server_link.h"

namespace yarrow {
namespace {

/// The newest version of a waiting record that there is: after the edits, or what they delete.
#define YARROW_WAITING_COLUMNS                                                                               \
    "SELECT r.type, r.id, r.body, r.base, r.version, w.edits, w.since, coalesce(a.display_name, ''), "       \
    "EXISTS (SELECT 1 FROM push p WHERE p.resource = r.pk), q.status, q.code, q.outcome, q.attempts, "       \
    "q.since, (SELECT e.document FROM edit e WHERE e.resource = r.pk AND e.document IS NOT NULL "            \
    "ORDER BY e.seq DESC LIMIT 1), q.retry_at "                                                              \
    "FROM (SELECT resource, count(*) AS edits, min(seq) AS first, max(seq) AS last, min(at) AS since "       \
    "FROM edit GROUP BY resource) w JOIN resource r ON r.pk = w.resource "                                   \
    "JOIN edit l ON l.seq = w.last LEFT JOIN account a ON a.id = l.author "

Json documentOf(const Query& row)
{
    for (const int column : {2, 14, 3}) {
        if (row.isNull(column))
            continue;
        if (auto document = Json::parse(row.text(column)))
            return std::move(*document);
    }
    return {};
}

WaitingRecord::Refused refusedOf(const Query& row)
{
    WaitingRecord::Refused refused{
        static_cast<int>(row.integer(9)), row.string(10), {}, {}, row.integer(12), row.string(13), {}};
    if (!row.isNull(15))
        refused.retryAt = Instant(std::chrono::milliseconds(row.integer(15)));
    const auto outcome = Json::parse(row.text(11));
    if (!outcome)
        return refused;
    const Json& issue = (*outcome)["issue"][0];
    refused.message = issue["details"]["text"].string();
    if (refused.message.empty())
        refused.message = issue["diagnostics"].string();
    refused.element = issue["expression"][0].string();
    return refused;
}

WaitingRecord recordOf(const Query& row, RecordNaming& naming, const Json& document)
{
    WaitingRecord record;
    record.title = naming.titleOf(row.text(0), row.text(1), document);
    record.change = row.isNull(2)   ? WaitingRecord::Change::Deleted
                    : row.isNull(4) ? WaitingRecord::Change::Made
                                    : WaitingRecord::Change::Edited;
    record.edits = row.integer(5);
    record.since = row.string(6);
    record.authorName = row.string(7);
    if (!row.isNull(9)) {
        record.state = WaitingRecord::State::Refused;
        record.refused = refusedOf(row);
    } else if (row.integer(8) != 0) {
        record.state = WaitingRecord::State::UnderWay;
    }
    return record;
}

/// What is protected as what: the document tells, and without one the type.
Area areaOfRecord(std::string_view type, const Json& document)
{
    return document.isObject() ? fhir::areaOf(document) : areaOf(type);
}

} // namespace

Result<ExchangeState> ExchangeCommands::state()
{
    const auto conflicts = ConflictCommands(m_scope).countOpen();
    if (!conflicts)
        return fail(conflicts.error());
    return guarded([&]() -> Result<ExchangeState> {
        ExchangeState state;
        if (const auto link = readServerLink(m_scope.connection)) {
            state.hasServer = true;
            state.serverUrl = link->url;
            state.isPaused = link->paused;
            state.stopped = link->stopped;
        }
        const auto counts = outbox::counts(m_scope.connection);
        state.waiting = counts.waiting;
        state.refused = counts.quarantined;
        state.conflicts = *conflicts;
        const auto exchanges = outbox::exchanges(m_scope.connection);
        if (!exchanges.empty())
            state.last = exchanges.front();
        for (const outbox::Exchange& exchange : exchanges) {
            if (state.completedAt.empty() && exchange.outcome.empty())
                state.completedAt = exchange.at;
        }
        const auto read = outbox::checkpoint(m_scope.connection, {});
        state.isFirst =
            state.hasServer && state.completedAt.empty() && read.sweep != 0 && read.reason == "first";
        return state;
    });
}

Result<WaitingList> ExchangeCommands::waiting(Which which, int limit)
{
    return guarded([&]() -> Result<WaitingList> {
        WaitingList list;
        RecordNaming naming(m_scope.connection);
        Query row(m_scope.connection, YARROW_WAITING_COLUMNS
                  "LEFT JOIN quarantine q ON q.resource = r.pk WHERE ? = 0 OR q.resource IS NOT NULL "
                  "ORDER BY w.first");
        row.bind(which == Which::Refused);
        while (row.step()) {
            const Json document = documentOf(row);
            const Area area = areaOfRecord(row.text(0), document);
            if (!roleAllows(m_scope.actor.role, Operation::Read, area)) {
                ++list.hidden;
            } else if (list.records.size() >= static_cast<std::size_t>(limit)) {
                ++list.more;
            } else {
                list.records.push_back(recordOf(row, naming, document));
                list.records.back().mayDiscard = roleAllows(m_scope.actor.role, Operation::Update, area);
            }
        }
        return list;
    });
}

Result<std::vector<outbox::Exchange>> ExchangeCommands::lastExchanges()
{
    return guarded(
        [&]() -> Result<std::vector<outbox::Exchange>> { return outbox::exchanges(m_scope.connection); });
}

Result<std::int64_t> ExchangeCommands::retryAll()
{
    return guarded([&]() -> Result<std::int64_t> {
        UnitOfWork work(m_scope);
        std::vector<std::int64_t> released;
        {
            Query row(m_scope.connection,
                      YARROW_WAITING_COLUMNS "JOIN quarantine q ON q.resource = r.pk ORDER BY w.first");
            while (row.step()) {
                if (roleAllows(m_scope.actor.role, Operation::Update,
                               areaOfRecord(row.text(0), documentOf(row)))) {
                    const auto record = work.records().find(row.text(0), row.text(1));
                    released.push_back(record->pk);
                }
            }
        }
        for (const std::int64_t pk : released)
            outbox::release(m_scope.connection, pk);
        work.commit();
        return static_cast<std::int64_t>(released.size());
    });
}

Result<void> ExchangeCommands::mayChange(std::string_view type, std::string_view id)
{
    Area area = areaOf(type);
    {
        Query row(m_scope.connection, YARROW_WAITING_COLUMNS
                  "LEFT JOIN quarantine q ON q.resource = r.pk WHERE r.type = ? AND r.id = ?");
        if (row.bind(type, id).step())
            area = areaOfRecord(type, documentOf(row));
    }
    return require(m_scope, Operation::Update, area, type, id);
}

Result<void> ExchangeCommands::retry(std::string_view type, std::string_view id)
{
    return guarded([&]() -> Result<void> {
        if (auto allowed = mayChange(type, id); !allowed)
            return allowed;
        UnitOfWork work(m_scope);
        const auto record = work.records().find(type, id);
        if (!record || !outbox::isQuarantined(m_scope.connection, record->pk))
            return fail(ErrorCode::NotFound, std::string(type) + "/" + std::string(id));
        outbox::release(m_scope.connection, record->pk);
        work.commit();
        return {};
    });
}

Result<void> ExchangeCommands::discard(std::string_view type, std::string_view id, const std::string& reason)
{
    if (reason.find_first_not_of(" \t\r\n") == std::string::npos)
        return fail(ErrorCode::InvalidArgument, "reason");
    return guarded([&]() -> Result<void> {
        if (auto allowed = mayChange(type, id); !allowed)
            return allowed;
        UnitOfWork work(m_scope);
        if (!readServerLink(m_scope.connection)) // what is here is all there is
            return fail(ErrorCode::NotFound, "server");
        const auto record = work.records().find(type, id);
        if (!record)
            return fail(ErrorCode::NotFound, std::string(type) + "/" + std::string(id));
        auto parts = outbox::unitsOf(m_scope.connection, record->pk);
        if (parts.empty())
            return fail(ErrorCode::NotFound, std::string(type) + "/" + std::string(id));
        for (const outbox::UnitEdits& part : parts) {
            if (part.isUnderWay)
                return fail(ErrorCode::InvalidArgument, "under-way");
            if (part.pk != record->pk && !part.isLast)
                return fail(ErrorCode::InvalidArgument, "edited-since: " + part.type + "/" + part.id);
        }
        for (const outbox::UnitEdits& part : parts) {
            const auto stored = work.records().find(part.type, part.id);
            work.records().takeBack(*stored, part.firstSeq, AuditAction::EditsDiscarded, reason);
            if (auto needed = checkNotNeeded(*stored); !needed)
                return needed;
            // The server may have left it out of this workstation's scope meanwhile.
            outbox::refetch(m_scope.connection, part.type, part.id);
        }
        work.commit();
        return {};
    });
}

/// Nothing here may refer to a record that no server and no workstation has.
Result<void> ExchangeCommands::checkNotNeeded(const StoredRecord& record)
{
    const std::string reference = "\"" + record.type + "/" + record.id + "\"";
    Query row(m_scope.connection,
              "SELECT o.type, o.id FROM resource r JOIN resource o ON o.deleted = 0 AND o.pk <> r.pk "
              "AND (o.patient = (SELECT pk FROM patient_key WHERE patient = ?2 AND ?1 = 'Patient') "
              "OR (instr(o.body, ?3) > 0 AND EXISTS (SELECT 1 FROM edit e WHERE e.resource = o.pk))) "
              "WHERE r.type = ?1 AND r.id = ?2 AND r.deleted = 1 AND r.version IS NULL "
              "ORDER BY o.pk LIMIT 1");
    if (row.bind(record.type, record.id, reference).step())
        return fail(ErrorCode::InvalidArgument, "needed-by: " + row.string(0) + "/" + row.string(1));
    return {};
}

Result<void> ExchangeCommands::setPaused(bool paused)
{
    return guarded([&]() -> Result<void> {
        UnitOfWork work(m_scope);
        auto link = readServerLink(m_scope.connection);
        if (!link)
            return fail(ErrorCode::NotFound, "server");
        if (link->paused == paused)
            return {};
        link->paused = paused;
        writeServerLink(m_scope.connection, *link);
        work.records().audit({paused ? AuditAction::ExchangePaused : AuditAction::ExchangeResumed,
                              AuditCategory::Administration});
        work.commit();
        return {};
    });
}

Result<void> ExchangeCommands::noteDeletionsAllowed()
{
    return auditOnly(m_scope, {AuditAction::DeletionsAllowed, AuditCategory::Administration});
}

} // namespace yarrow
