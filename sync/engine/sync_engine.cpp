// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/sync_engine.h"

#include "models/store/audit/audit_log.h"
#include "models/store/db/sqlite.h"
#include "models/store/sync/outbox.h"
#include "models/store/sync/server_link.h"
#include "sync/engine/puller.h"
#include "sync/engine/pusher.h"
#include "sync/engine/sync_session.h"
#include "sync/engine/tunables.h"
#include "sync/foreign/foreign_puller.h"
#include "sync/foreign/foreign_pusher.h"
#include "sync/foreign/probe.h"

#include <algorithm>
#include <thread>

namespace yarrow::sync {
namespace {

/// Each direction goes on when the other is stuck: what stopped the writes is told at the end.
template <class Pull, class Push>
Step<void> exchangeWith(Pull puller, Push pusher)
{
    std::optional<Stop> writesStopped;
    bool settled = false;
    for (int round = 0; round < tunables::kRounds; ++round) {
        if (!settled && !writesStopped) {
            if (auto done = pusher.settle(); !done) {
                if (done.error().obstacle == Obstacle::Offline ||
                    done.error().obstacle == Obstacle::Cancelled)
                    return done;
                writesStopped = done.error();
            }
            settled = true;
        }
        if (auto pulled = puller.pull(); !pulled)
            return pulled;
        if (auto read = puller.refetch(); !read)
            return read;
        if (writesStopped)
            return stop(*writesStopped);
        const auto pushed = pusher.push();
        if (!pushed) {
            if (pushed.error().obstacle == Obstacle::Offline ||
                pushed.error().obstacle == Obstacle::Cancelled)
                return stop(pushed.error());
            writesStopped = pushed.error();
        } else if (!*pushed) {
            return {};
        }
    }
    return writesStopped ? Step<void>(stop(*writesStopped)) : Step<void>(stop(Obstacle::Unsettled));
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

Step<void> exchange(SyncSession& session)
{
    if (session.link.kind == ServerLink::Kind::Yarrow)
        return exchangeWith(Puller(session), Pusher(session));
    const auto dialect = dialectOf(session);
    if (!dialect)
        return stop(dialect.error());
    return exchangeWith(ForeignPuller(session, *dialect), ForeignPusher(session, *dialect));
}

void writeDown(SyncSession& session, double seconds)
{
    const SyncReport& report = session.report;
    Transaction transaction(session.connection);
    outbox::addExchange(session.connection,
                        {formatInstant(session.clock.now()), seconds, report.pulled, report.pushed,
                         report.merged, report.conflicts, report.quarantined,
                         report.isComplete() ? std::string() : obstacleName(report.obstacle)});
    if (report.pulled != 0 || report.pushed != 0) {
        AuditEvent event{AuditAction::Synchronised, AuditCategory::Administration};
        event.outcome = report.isComplete() ? AuditOutcome::Success : AuditOutcome::MinorFailure;
        event.detail = "pulled " + std::to_string(report.pulled) + ", pushed " +
                       std::to_string(report.pushed) + ", merged " + std::to_string(report.merged) +
                       ", conflicts " + std::to_string(report.conflicts) + ", quarantined " +
                       std::to_string(report.quarantined);
        Actor actor;
        actor.device = session.clinic.device;
        AuditLog::append(session.connection, session.clock, session.clinic.incarnation, actor, event, {});
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
    const Transport::Traffic before = m_environment.transport.traffic();
    SyncReport report;
    const auto done = guarded([&]() -> Result<void> {
        auto link = readServerLink(connection);
        if (!link)
            return fail(ErrorCode::NotFound, "this workstation is not enrolled");
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
                            .link = std::move(*link),
                            .deletionsAllowed = std::exchange(m_deletionsAllowed, false)};
        if (auto exchanged = exchange(session); !exchanged) {
            session.report.obstacle = exchanged.error().obstacle;
            session.report.detail = exchanged.error().detail;
            session.report.retryAfter = exchanged.error().retryAfter;
        }
        session.report.waiting = outbox::counts(connection).waiting;
        report = session.report;
        report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
        writeDown(session, report.seconds);
        return {};
    });
    if (!done) {
        report.obstacle = Obstacle::LocalFailure;
        report.detail = std::string(errorCodeName(done.error().code)) + ": " + done.error().context;
    }
    const Transport::Traffic& after = m_environment.transport.traffic();
    report.bytes = after.bytesSent + after.bytesReceived - before.bytesSent - before.bytesReceived;
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return report;
}

} // namespace yarrow::sync
