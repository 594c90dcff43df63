// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/sync_load/workstation.h"

#include <fstream>

namespace yarrow::bench {

BenchWorkstation::BenchWorkstation(const std::filesystem::path& folder, const ServerAccess& server,
                                   const std::string& code)
    : m_folder(folder)
    , m_profile(folder)
{
    auto admin = m_profile.open();
    const QString doctor = QStringLiteral("doctor");
    if (auto added = admin->addUser(doctor, doctor, Role::Doctor, BenchClinic::password()); !added)
        fatal("doctor", added.error());
    const StoreEnvironment environment{m_clock, m_ids, &m_secrets, m_profile.environment().kdfCost};
    const auto plan = sync::planEnrolment(*admin, ServerLink::Kind::Yarrow, server.url);
    if (!plan)
        fatal("enrolment", plan.error().detail);
    const auto enrolled =
        sync::contact(*plan, sync::CodeEnrolment{server.url, code, "Bench", server.caPem}, environment);
    if (!enrolled)
        fatal("enrolment", sync::enrolmentErrorName(enrolled.error()) + (": " + enrolled.error().detail));
    if (auto kept = sync::keepEnrolment(*admin, *plan, *enrolled, &m_secrets); !kept)
        fatal("enrolment", kept.error().detail);
    admin.reset();

    m_clinic = m_profile.open(doctor);
    auto connection = m_clinic->openSyncConnection();
    if (!connection)
        fatal("connection", connection.error());
    m_connection = std::move(*connection);
    m_exchange = std::make_unique<sync::LinkedExchange>(
        sync::LinkedExchange::Environment{*m_connection, m_profile.profile(), m_clock, m_ids,
                                          m_clinic->identity(), &m_secrets},
        m_cancelled);
}

sync::SyncReport BenchWorkstation::exchange()
{
    constexpr int kAttempts = 100;
    sync::SyncReport whole;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        const sync::SyncReport report = m_exchange->run();
        whole.pulled += report.pulled;
        whole.pushed += report.pushed;
        whole.bytes += report.bytes;
        whole.roundTrips += report.roundTrips;
        if (report.isComplete())
            return whole;
        if (report.obstacle != sync::Obstacle::Offline)
            fatal("exchange", std::string(sync::obstacleName(report.obstacle)) + " " + report.detail);
    }
    fatal("exchange", "the server is not there");
}

void BenchWorkstation::write(const std::string& lines)
{
    const std::filesystem::path file = m_folder / "written.ndjson";
    std::ofstream(file) << lines;
    const auto report = m_clinic->importer().run({file});
    if (!report || !report->failed.empty())
        fatal("import", "not all came in");
    std::filesystem::remove(file);
}

} // namespace yarrow::bench
