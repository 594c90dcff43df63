// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/cli/job_setup.h"

#include "server/jobs/cleanup.h"
#include "server/jobs/export.h"
#include "server/jobs/webhook.h"

namespace yarrow::server::cli {

OutgoingPolicy outgoingPolicyOf(const Options& options)
{
    OutgoingPolicy policy;
    policy.allowInsecure = options.allowInsecureWebhooks;
    policy.allowPrivate = options.allowPrivateWebhooks;
    return policy;
}

jobs::WorkerSettings workerSettingsOf(const Options& options)
{
    jobs::WorkerSettings settings;
    settings.databaseUri = options.database;
    settings.threads = options.jobThreads;
    settings.lease = options.jobLease;
    settings.drain = std::chrono::seconds(options.drainSeconds);
    return settings;
}

std::vector<jobs::Kind> jobKindsOf(const Options& options, const KeyProvider& keys)
{
    return {jobs::cleanupKind(), jobs::retentionKind({options.keepVersionsDays, options.keepOperationsDays}),
            jobs::auditRetentionKind(options.keepAudit), jobs::exportKind(),
            jobs::webhookKind(keys, outgoingPolicyOf(options))};
}

} // namespace yarrow::server::cli
