// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/id.h"
#include "models/store/db/connection.h"
#include "models/store/keys/device_secret_store.h"
#include "models/store/records/record_store.h"
#include "sync/engine/sync_report.h"
#include "sync/transport/transport.h"

#include <atomic>
#include <chrono>
#include <functional>

namespace yarrow::sync {

/// Reconciles one workstation's records with its server. Keeps nothing in memory between cycles that matters:
/// whatever instruction a cycle ends at, the next one, in this or another process, goes on from the database.
/// Belongs to the thread that runs it, with a connection of its own; another thread may set `cancelled`.
class SyncEngine
{
public:
    struct Environment
    {
        Connection& connection; ///< that may write
        const Clock& clock;
        IdSource& ids;
        ClinicIdentity clinic;
        Transport& transport;
        /// Lets time pass while the server prepares files; empty: sleeps.
        std::function<void(std::chrono::milliseconds)> pause = {};
        DeviceSecretStore* secrets = nullptr; ///< the OS key store; nullptr where there is none
    };
    explicit SyncEngine(Environment environment);

    /// Settles what is under way, pulls, merges and pushes until nothing is left. Never throws: what went
    /// wrong is in the report.
    [[nodiscard]] SyncReport cycle(const std::atomic_bool& cancelled);

    /// Lets the next cycle pass the brake on deletions once.
    void allowDeletions() noexcept { m_deletionsAllowed = true; }

private:
    Environment m_environment;
    bool m_deletionsAllowed = false;
    bool m_deletionsAsked = false;
};

} // namespace yarrow::sync
