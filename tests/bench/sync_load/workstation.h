// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/enrolment/enrolment.h"
#include "sync/service/linked_exchange.h"
#include "tests/bench/bench_clinic.h"
#include "tests/support/memory_secret_store.h"

#include <atomic>
#include <memory>
#include <string>

namespace yarrow::bench {

/// Where the server is, and what makes workstations its own.
struct ServerAccess
{
    std::string url;
    std::string caPem;
};

/// An enrolled workstation with a doctor, on whom nothing of the clinic's records has come yet.
class BenchWorkstation
{
public:
    BenchWorkstation(const std::filesystem::path& folder, const ServerAccess& server,
                     const std::string& code);

    /// Until one goes well, as often as the line breaks; what all of them did.
    sync::SyncReport exchange();
    /// What a doctor writes; NDJSON.
    void write(const std::string& lines);

    [[nodiscard]] BenchClinic& profile() noexcept { return m_profile; }
    [[nodiscard]] Clinic& clinic() noexcept { return *m_clinic; }

private:
    std::filesystem::path m_folder;
    BenchClinic m_profile;
    MemorySecretStore m_secrets;
    SystemClock m_clock;
    UuidSource m_ids{m_clock};
    std::atomic_bool m_cancelled = false;
    std::unique_ptr<Clinic> m_clinic; ///< of the doctor
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<sync::LinkedExchange> m_exchange;
};

} // namespace yarrow::bench
