// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/cli/services.h"

#include "server/api/auth_routes.h"
#include "server/api/export_routes.h"
#include "server/api/job_routes.h"
#include "server/api/webhook_routes.h"
#include "server/cli/commands.h"
#include "server/cli/job_setup.h"

namespace yarrow::server::cli {
namespace {

std::string issuerOf(const Options& options)
{
    return options.publicUrl.empty() ? "yarrow" : options.publicUrl; // the same in every process of a server
}

} // namespace

Services::Services(const Options& options, db::Connection& connection)
    : m_keys(orFail(LocalKeyFile::openOrMake(needed(options.keyFile, "--key-file"), connection)))
    , m_signingKeys(*m_keys)
    , m_tokens(m_signingKeys, issuerOf(options))
    , m_authenticator(m_signingKeys, issuerOf(options))
    , m_health({options.dataFolder, static_cast<std::uintmax_t>(options.leastFreeMb) * 1024 * 1024,
                YARROW_VERSION})
    , m_jobs(workerSettingsOf(options), jobKindsOf(options, *m_keys))
{
    m_health.addRoutes(m_router);
    ops::addMetricsRoute(m_router, options.metricsToken);
    api::addAuthRoutes(m_router, m_tokens, m_signingKeys);
    api::addExportRoutes(m_router);
    api::addJobRoutes(m_router);
    api::addWebhookRoutes(m_router, *m_keys, outgoingPolicyOf(options));
}

void Services::start()
{
    m_jobs.start();
}

void Services::stop()
{
    m_jobs.stop();
}

} // namespace yarrow::server::cli
