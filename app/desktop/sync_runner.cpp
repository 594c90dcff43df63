// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/sync_runner.h"

#include "models/store/sync/server_link.h"
#include "sync/foreign/dialect.h"

namespace yarrow {
namespace {

ExchangeObstacle failureOf(sync::Obstacle obstacle)
{
    switch (obstacle) {
    case sync::Obstacle::Untrusted:
        return ExchangeObstacle::Untrusted;
    case sync::Obstacle::LocalFailure:
        return ExchangeObstacle::LocalFailure;
    case sync::Obstacle::Refused:
        return ExchangeObstacle::Refused;
    default:
        return ExchangeObstacle::ServerError;
    }
}

ExchangeObstacle obstacleOf(const sync::SyncStatus& status, sync::Obstacle last)
{
    switch (status.state) {
    case sync::SyncStatus::State::Stopped:
        return ExchangeObstacle::Unauthorised;
    case sync::SyncStatus::State::Offline:
        return ExchangeObstacle::Offline;
    case sync::SyncStatus::State::Busy:
        return ExchangeObstacle::Busy;
    case sync::SyncStatus::State::AskDeletions:
        return ExchangeObstacle::AskDeletions;
    case sync::SyncStatus::State::Failing:
        return failureOf(last);
    case sync::SyncStatus::State::NotEnrolled:
    case sync::SyncStatus::State::Paused:
    case sync::SyncStatus::State::Starting:
    case sync::SyncStatus::State::Synced:
    case sync::SyncStatus::State::Sending:
        break;
    }
    return ExchangeObstacle::None;
}

QStringList textsOf(const std::vector<std::string>& codes)
{
    QStringList texts;
    for (const std::string& code : codes)
        texts << QString::fromStdString(code);
    return texts;
}

/// What was found out about the server before this program was started.
QStringList knownLimits(Connection& connection)
{
    const auto link =
        guarded([&]() -> Result<std::optional<ServerLink>> { return readServerLink(connection); });
    if (!link || !*link || (*link)->dialect.empty())
        return {};
    const auto dialect = sync::Dialect::fromJson((*link)->dialect);
    return dialect ? textsOf(dialect->limits()) : QStringList();
}

} // namespace

SyncRunner::SyncRunner(ExchangePlace place, const StoreEnvironment& environment)
    : m_limits(knownLimits(*place.connection))
    , m_service({std::move(place.connection), place.profile, environment.clock, environment.ids,
                 std::move(place.clinic), environment.secrets, std::move(place.person)})
{
    connect(&m_service, &sync::SyncService::exchanged, this, &SyncRunner::takeReport);
    connect(&m_service, &sync::SyncService::statusChanged, this, &SyncRunner::take);
    take(m_service.status());
}

void SyncRunner::take(const sync::SyncStatus& status)
{
    ExchangeProgress now;
    now.isRunning = status.isRunning;
    now.obstacle = obstacleOf(status, m_lastObstacle);
    now.detail = QString::fromStdString(status.detail);
    now.completedAt = status.completeAt;
    if (now.obstacle == ExchangeObstacle::Offline)
        now.offlineSince = status.since;
    now.matchesServer = status.matchesServer;
    now.limits = m_limits;
    if (now != m_progress) {
        m_progress = std::move(now);
        Q_EMIT progressChanged();
    }
    if (const std::string why = m_revocation.take(status); !why.empty())
        Q_EMIT ended(QString::fromStdString(why));
    else if (!status.signedOut.empty())
        Q_EMIT ended(QString::fromStdString(status.signedOut));
}

void SyncRunner::takeReport(const sync::SyncReport& report)
{
    m_lastObstacle = report.obstacle;
    if (!report.limits.empty())
        m_limits = textsOf(report.limits);
    take(m_service.status());
    if (report.pulled > 0 || report.pushed > 0 || report.merged > 0 || report.conflicts > 0 ||
        report.quarantined > 0)
        Q_EMIT recordsChanged();
}

} // namespace yarrow
