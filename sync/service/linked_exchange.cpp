// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/service/linked_exchange.h"

#include "models/store/db/sqlite.h"
#include "models/store/profile_lock.h"
#include "models/store/records/workstation_wipe.h"
#include "models/store/sync/account_exchange.h"

namespace yarrow::sync {
namespace {

bool leadsToTheSame(const ServerLink& a, const ServerLink& b)
{
    return a.kind == b.kind && a.url == b.url && a.clientId == b.clientId && a.keyName == b.keyName &&
           a.caPem == b.caPem && a.enrolledAt == b.enrolledAt;
}

SyncReport localFailure(const Error& error)
{
    SyncReport report;
    report.obstacle = Obstacle::LocalFailure;
    report.detail = errorCodeName(error.code);
    if (!error.context.empty())
        report.detail += ": " + error.context;
    return report;
}

} // namespace

Result<void> LinkedExchange::connect()
{
    return guarded([&]() -> Result<void> {
        auto link = readServerLink(m_environment.connection);
        if (!link)
            return fail(ErrorCode::NotFound, "this workstation is not enrolled");
        if (m_transport && m_link && leadsToTheSame(*m_link, *link)) {
            m_link = std::move(link);
            return {};
        }
        m_transport.reset();
        auto transport = LinkTransport::open(
            *link, {m_environment.clock, m_environment.ids, m_environment.secrets, &m_cancelled});
        if (!transport)
            return fail(transport.error());
        m_transport = std::move(*transport);
        m_link = std::move(link);
        return {};
    });
}

SyncReport LinkedExchange::run()
{
    const auto lock = ProfileLock::acquire(m_environment.profile, ProfileLock::Kind::Exchange);
    if (!lock)
        return localFailure(lock.error());
    if (auto connected = connect(); !connected)
        return localFailure(connected.error());
    SyncEngine engine({m_environment.connection,
                       m_environment.clock,
                       m_environment.ids,
                       m_environment.clinic,
                       *m_transport,
                       {},
                       m_environment.secrets});
    if (std::exchange(m_deletionsAllowed, false))
        engine.allowDeletions();
    SyncReport report = engine.cycle(m_cancelled);
    shutOut(report); // also where it did not come to its end, and for what was changed at this workstation
    conclude(report);
    return report;
}

void LinkedExchange::conclude(SyncReport& report)
{
    const auto& refusal = m_transport->refusal();
    std::optional<std::string> stopped;
    if (report.obstacle == Obstacle::Unauthorised && refusal && refusal->isFinal())
        stopped = refusal->wipe ? std::string(kToBeWiped) : refusal->code;
    else if (report.isComplete())
        stopped = std::string();
    const bool isToWipe = stopped && refusal && refusal->wipe;
    if (isToWipe && m_link->stopped == kWiped) // who reads what was left by the recovery code goes on reading
        return;
    if (isToWipe && *stopped == m_link->stopped)
        wipe(report); // it was begun before and did not come to its end
    if (!stopped || *stopped == m_link->stopped)
        return;
    const auto noted = guarded([&] {
        Transaction transaction(m_environment.connection);
        stopServerLink(m_environment.connection, *stopped);
        transaction.commit();
        if (isToWipe)
            m_environment.connection.makeDurable(); // a power cut must not take the order
    });
    if (noted)
        m_link->stopped = *stopped;
    else // the next exchange ends the same way; the wipe has a mark of its own
        report.detail +=
            std::string(", not noted: ") + errorCodeName(noted.error().code) + " " + noted.error().context;
    if (isToWipe)
        wipe(report);
}

void LinkedExchange::shutOut(SyncReport& report)
{
    const auto done = guarded([&]() -> Result<void> {
        Transaction transaction(m_environment.connection);
        if (auto removed =
                removeOutdatedSlots(m_environment.connection, m_environment.clock, m_environment.profile);
            !removed)
            return removed;
        transaction.commit();
        return {};
    });
    if (!done) // signing in refuses them all the same
        report.detail += std::string(report.detail.empty() ? "" : ", ") +
                         "key slots: " + errorCodeName(done.error().code) + " " + done.error().context;
}

void LinkedExchange::wipe(SyncReport& report)
{
    const auto wiped =
        wipeWorkstation(m_environment.connection, m_environment.profile, m_environment.secrets);
    if (!wiped)
        report.detail += std::string(", not wholly wiped: ") + errorCodeName(wiped.error().code) + " " +
                         wiped.error().context;
    else if (*wiped == 0)
        report.detail += ", wiped";
    else
        report.detail +=
            ", wiped; " + std::to_string(*wiped) + " unsent edits stay and open with the recovery code";
}

std::string LinkedExchange::token()
{
    if (!m_transport)
        return {};
    return m_transport->token().value_or(std::string());
}

} // namespace yarrow::sync
