// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/cleanup.h"

namespace yarrow::server::jobs {

namespace {

/// Statements of $1, the clinic. The directory of codes and the failed sign-ins belong to none: every
/// clinic's turn does them as well, which finds nothing when another's just did.
constexpr const char* kCleanUp[] = {
    "DELETE FROM assertion_seen WHERE tenant_id = $1 AND expires_at < now()",
    // A token that was used is kept until it runs out, so that its reuse is noticed.
    "DELETE FROM refresh_token WHERE tenant_id = $1 AND expires_at < now()",
    // What let a workstation in is told for a month.
    "DELETE FROM enrolment_code WHERE tenant_id = $1 AND expires_at < now() - interval '30 days'",
    "DELETE FROM enrolment_code_directory WHERE tenant_id = $1 AND expires_at < now()",
    "DELETE FROM export WHERE tenant_id = $1 AND expires_at < now()",
    "DELETE FROM job WHERE tenant_id = $1 AND state IN ('done', 'cancelled') AND finished_at < now() - "
    "interval '7 days'",
    "WITH gone AS (DELETE FROM job WHERE tenant_id = $1 AND state = 'dead' AND finished_at < now() - "
    "interval '90 days' "
    "RETURNING job_id) DELETE FROM job_queue q USING gone WHERE q.job_id = gone.job_id",
};

Outcome cleanUp(Run& run)
{
    for (const char* statement : kCleanUp) {
        if (run.mustStop())
            return yield();
        db::Transaction transaction(run.db, run.tenant);
        transaction.run(statement, run.tenant);
        transaction.commit();
    }
    db::Transaction transaction(run.db, run.tenant);
    transaction.run("DELETE FROM sign_in_failure WHERE last_at < now() - interval '7 days'");
    transaction.commit();
    return {};
}

} // namespace

Kind cleanupKind()
{
    Kind kind;
    kind.name = kCleanupKind;
    kind.run = cleanUp;
    kind.daily = true;
    return kind;
}

} // namespace yarrow::server::jobs
