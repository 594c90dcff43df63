// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/cli/services.h"

#include "server/api/account_routes.h"
#include "server/api/audit_routes.h"
#include "server/api/auth_routes.h"
#include "server/api/clinic_routes.h"
#include "server/api/device_routes.h"
#include "server/api/erasure_routes.h"
#include "server/api/export_routes.h"
#include "server/api/fhir_routes.h"
#include "server/api/job_routes.h"
#include "server/api/openapi_routes.h"
#include "server/api/webhook_routes.h"
#include "server/cli/commands.h"
#include "server/cli/job_setup.h"
#include "server/fhir/time_range.h"

#include <chrono>

namespace yarrow::server::cli {
namespace {

std::string issuerOf(const Options& options)
{
    return options.publicUrl.empty() ? "yarrow" : options.publicUrl; // the same in every process of a server
}

std::string startedNow()
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return fhir::timeText(std::chrono::microseconds(seconds.time_since_epoch()).count());
}

} // namespace

Services::Services(const Options& options, db::Connection& connection, WorkerPool& workers,
                   const records::ErasureLog* erasures)
    : m_keys(orFail(LocalKeyFile::openOrMake(needed(options.keyFile, "--key-file"), connection)))
    , m_signingKeys(*m_keys)
    , m_tokens(m_signingKeys, issuerOf(options))
    , m_authenticator(m_signingKeys, issuerOf(options))
    , m_health({options.dataFolder, static_cast<std::uintmax_t>(options.leastFreeMb) * 1024 * 1024,
                YARROW_VERSION})
    , m_jobs(workerSettingsOf(options), jobKindsOf(options, *m_keys))
    , m_live(options.database, workers, options.sockets)
{
    const auto changed = [this](const records::ChangeNotice& notice) { m_live.changed(notice); };
    m_health.addRoutes(m_router);
    ops::addMetricsRoute(m_router, options.metricsToken);
    api::addAuthRoutes(m_router, m_tokens, m_signingKeys);
    api::addDeviceRoutes(m_router);
    api::addAccountRoutes(m_router);
    api::addClinicRoutes(m_router);
    api::addAuditRoutes(m_router);
    api::addFhirRoutes(m_router, {.version = YARROW_VERSION, .started = startedNow(), .changed = changed});
    api::addErasureRoutes(m_router, erasures, changed);
    m_live.addRoutes(m_router);
    api::addExportRoutes(m_router);
    api::addJobRoutes(m_router);
    api::addWebhookRoutes(m_router, *m_keys, outgoingPolicyOf(options));
    api::addOpenApiRoute(m_router);
}

void Services::start()
{
    m_live.start();
    m_jobs.start();
}

void Services::stop()
{
    m_jobs.stop();
}

} // namespace yarrow::server::cli
