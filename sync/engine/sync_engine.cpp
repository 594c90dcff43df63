// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/sync_engine.h"

#include "models/store/audit/audit_log.h"
#include "models/store/commands/settlement_tickets.h"
#include "models/store/db/sqlite.h"
#include "models/store/records/record_erasure.h"
#include "models/store/sync/outbox.h"
#include "models/store/sync/server_link.h"
#include "models/store/tunables.h"
#include "sync/audit/audit_upload.h"
#include "sync/engine/accounts.h"
#include "sync/engine/erasure_requests.h"
#include "sync/engine/puller.h"
#include "sync/engine/pusher.h"
#include "sync/engine/record_numbers.h"
#include "sync/engine/sync_session.h"
#include "sync/engine/tunables.h"
#include "sync/engine/write_failures.h"
#include "sync/foreign/foreign_puller.h"
#include "sync/foreign/foreign_pusher.h"
#include "sync/foreign/probe.h"

#include <algorithm>
#include <thread>

namespace yarrow::sync {
namespace {

/// Nothing else can be done in this cycle.
bool endsCycle(const Stop& stop, bool isRead)
{
    switch (stop.obstacle) {
    case Obstacle::Offline:
    case Obstacle::Cancelled:
    case Obstacle::Untrusted:
        return true;
    case Obstacle::Busy:
    case Obstacle::Unauthorised:
        return isRead; // who may not write may read
    default:
        return false;
    }
}

/// Each direction goes on when the other is stuck: what stopped one of them is told at the end.
template <class Pull, class Push>
Step<void> exchangeWith(Pull puller, Push pusher)
{
    std::optional<Stop> readsStopped;
    std::optional<Stop> writesStopped;
    if (auto settled = pusher.settle(); !settled) {
        if (endsCycle(settled.error(), false))
            return settled;
        writesStopped = settled.error();
    }
    for (int round = 0; round < tunables::kRounds; ++round) {
        for (const auto& read : {&Pull::pull, &Pull::refetch}) {
            if (readsStopped)
                break;
            if (auto done = (puller.*read)(); !done) {
                if (endsCycle(done.error(), true))
                    return done;
                readsStopped = done.error();
            }
        }
        bool isDone = writesStopped.has_value() || !puller.mayPush();
        if (!isDone) {
            const auto pushed = pusher.push();
            if (!pushed && endsCycle(pushed.error(), false))
                return stop(pushed.error());
            if (!pushed)
                writesStopped = pushed.error();
            else
                isDone = !*pushed;
        }
        if (isDone && readsStopped)
            return stop(*readsStopped);
        if (isDone)
            return writesStopped ? Step<void>(stop(*writesStopped)) : Step<void>();
    }
    return stop(writesStopped  ? *writesStopped
                : readsStopped ? *readsStopped
                               : Stop{Obstacle::Unsettled, {}, {}});
}

Step<Dialect> dialectOf(SyncSession& session)
{
    if (!session.link.dialect.empty()) {
        if (auto known = Dialect::fromJson(session.link.dialect))
            return std::move(*known);
    }
    auto dialect = probe(session);
    if (!dialect)
        return stop(dialect.error());
    Transaction transaction(session.connection);
    if (auto link = readServerLink(session.connection)) {
        link->dialect = dialect->toJson();
        writeServerLink(session.connection, *link);
    }
    transaction.commit();
    return dialect;
}

/// Whether asking the server for something else makes sense.
bool isWorthGoingOn(const Step<void>& exchanged)
{
    if (exchanged)
        return true;
    switch (exchanged.error().obstacle) {
    case Obstacle::Offline:
    case Obstacle::Busy:
    case Obstacle::Unauthorised:
    case Obstacle::Untrusted:
    case Obstacle::Cancelled:
        return false;
    default:
        return true;
    }
}

Step<void> exchange(SyncSession& session)
{
    WriteFailures::release(session);
    if (session.link.kind == ServerLink::Kind::Yarrow) {
        auto told = tellNewAccounts(session);
        if (!told && !isAboutOne(told.error().obstacle))
            return told;
        if (auto asked = sendErasureRequests(session); !asked && !isAboutOne(asked.error().obstacle))
            return asked;
        renewRecordNumbers(session);
        auto exchanged = exchangeWith(Puller(session), Pusher(session));
        if (told && isWorthGoingOn(exchanged))
            told = exchangeAccounts(session);
        return exchanged ? told : exchanged;
    }
    const auto dialect = dialectOf(session);
    if (!dialect)
        return stop(dialect.error());
    session.report.limits = dialect->limits();
    return exchangeWith(ForeignPuller(session, *dialect), ForeignPusher(session, *dialect));
}

/// The records, and around them the audit chain of this workstation. `incarnation` is the session's.
Step<void> exchangeAll(SyncSession& session, std::string& incarnation, DeviceSecretStore* secrets)
{
    if (session.link.kind != ServerLink::Kind::Yarrow)
        return exchange(session);
    AuditUpload audit(session, secrets);
    audit.compare();
    incarnation = incarnation::current(session.connection); // also when another program began it
    auto exchanged = exchange(session);
    if (isWorthGoingOn(exchanged))
        audit.upload();
    return exchanged;
}

void writeDown(SyncSession& session, double seconds)
{
    const SyncReport& report = session.report;
    Transaction transaction(session.connection);
    dropTicketsBefore(session.connection, session.clock.now() - yarrow::tunables::kSettlementUndo);
    outbox::addExchange(session.connection,
                        {formatInstant(session.clock.now()), seconds, report.pulled, report.pushed,
                         report.merged, report.conflicts, report.quarantined,
                         report.isComplete() ? std::string() : obstacleName(report.obstacle),
                         report.audit.note()});
    if (report.pulled != 0 || report.pushed != 0) {
        AuditEvent event{AuditAction::Synchronised, AuditCategory::Administration};
        event.outcome = report.isComplete() ? AuditOutcome::Success : AuditOutcome::MinorFailure;
        event.detail = "pulled " + std::to_string(report.pulled) + ", pushed " +
                       std::to_string(report.pushed) + ", merged " + std::to_string(report.merged) +
                       ", conflicts " + std::to_string(report.conflicts) + ", quarantined " +
                       std::to_string(report.quarantined);
        Actor actor;
        actor.device = session.clinic.device;
        AuditLog::append(session.connection, session.clock, actor, event, {});
    }
    transaction.commit();
}

} // namespace

SyncEngine::SyncEngine(Environment environment)
    : m_environment(std::move(environment))
{}

SyncReport SyncEngine::cycle(const std::atomic_bool& cancelled)
{
    Connection& connection = m_environment.connection;
    const auto begun = std::chrono::steady_clock::now();
    const auto seconds = [&begun] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    };
    const Transport::Traffic before = m_environment.transport.traffic();
    const auto sleep = [&cancelled](std::chrono::milliseconds duration) {
        constexpr std::chrono::milliseconds kSlice{50};
        for (; duration.count() > 0 && !cancelled; duration -= kSlice)
            std::this_thread::sleep_for(std::min(duration, kSlice));
    };
    SyncSession session{.connection = connection,
                        .clock = m_environment.clock,
                        .ids = m_environment.ids,
                        .clinic = m_environment.clinic,
                        .transport = m_environment.transport,
                        .cancelled = cancelled,
                        .pause = m_environment.pause ? m_environment.pause : sleep,
                        .link = {},
                        .deletionsAllowed = m_deletionsAllowed,
                        .deletionsAsked = m_deletionsAsked};
    SyncReport& report = session.report;
    const auto failed = [&report](const Error& error) {
        report.obstacle = Obstacle::LocalFailure;
        report.detail = std::string(errorCodeName(error.code)) + ": " + error.context;
    };
    const auto exchanged = guarded([&]() -> Result<void> {
        auto link = readServerLink(connection);
        if (!link)
            return fail(ErrorCode::NotFound, "this workstation is not enrolled");
        session.link = std::move(*link);
        const auto done = exchangeAll(session, m_environment.clinic.incarnation, m_environment.secrets);
        if (!done) {
            report.obstacle = done.error().obstacle;
            report.detail = done.error().detail;
            report.retryAfter = done.error().retryAfter;
        }
        return {};
    });
    if (!exchanged)
        failed(exchanged.error());
    m_deletionsAsked = session.deletionsAsked;
    if (report.isComplete()) { // used, or not needed
        m_deletionsAllowed = false;
        m_deletionsAsked = false;
    }
    const Transport::Traffic after = m_environment.transport.traffic();
    report.bytes = after.bytesSent + after.bytesReceived - before.bytesSent - before.bytesReceived;
    report.seconds = seconds();
    const auto written = guarded([&] {
        report.waiting = outbox::counts(connection).waiting;
        writeDown(session, report.seconds);
        (void)rewriteIfDue(connection); // busy or full: the next cycle goes on
    });
    if (!written)
        failed(written.error());
    report.seconds = seconds();
    return report;
}

} // namespace yarrow::sync
