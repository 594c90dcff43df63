// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/local_key_file.h"
#include "server/auth/signing_keys.h"
#include "server/auth/token_authenticator.h"
#include "server/auth/token_service.h"
#include "server/cli/options.h"
#include "server/http/router.h"
#include "server/http/worker_pool.h"
#include "server/jobs/worker.h"
#include "server/live/live_updates.h"
#include "server/ops/health.h"
#include "server/records/erasure_log.h"

#include <memory>

namespace yarrow::server::cli {

/// Everything `serve` answers with, put together: the one place where a module's routes and jobs are added.
class Services
{
public:
    /// `erasures`, if there is one, outlives this. Throws CommandFailed.
    Services(const Options& options, db::Connection& connection, WorkerPool& workers,
             const records::ErasureLog* erasures);

    [[nodiscard]] const Router& router() const noexcept { return m_router; }
    [[nodiscard]] Authenticator& authenticator() noexcept { return m_authenticator; }
    [[nodiscard]] ops::Health& health() noexcept { return m_health; }
    [[nodiscard]] UpgradeService& upgrades() noexcept { return m_live.upgrades(); }

    void start(); ///< what runs beside requests
    void stop();  ///< and ends, after the last request

private:
    std::unique_ptr<LocalKeyFile> m_keys;
    SigningKeys m_signingKeys;
    TokenService m_tokens;
    TokenAuthenticator m_authenticator;
    ops::Health m_health;
    jobs::Worker m_jobs;
    live::LiveUpdates m_live;
    Router m_router;
};

} // namespace yarrow::server::cli
