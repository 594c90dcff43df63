// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/audit/server_audit.h"
#include "server/jobs/cleanup.h"

namespace yarrow::server::jobs {

namespace {

/// Empties the oldest day of what is older than `days`. Returns how many entries went; 0: nothing is left to
/// do.
std::int64_t purgeOldestDay(Run& run, const char* category, int days)
{
    db::Transaction transaction(run.db, run.tenant);
    const pqxx::result purged = transaction.run(
        "SELECT audit_purge($1, $2, least(oldest.received_at + interval '1 day', "
        "now() - $3 * interval '1 day')) FROM (SELECT received_at FROM audit_entry WHERE tenant_id = $1 AND "
        "category = $2 AND NOT purged AND received_at < now() - $3 * interval '1 day' "
        "ORDER BY received_at LIMIT 1) oldest",
        run.tenant, category, days);
    const std::int64_t entries = purged.empty() ? 0 : purged[0][0].as<std::int64_t>();
    if (entries == 0)
        return 0;
    audit::Event event{"audit-purged"};
    event.detail = std::string("category=") + category + " entries=" + std::to_string(entries);
    audit::append(transaction, event);
    transaction.commit();
    return entries;
}

Outcome retainAudit(Run& run, const AuditRetentionSettings& settings)
{
    const std::initializer_list<std::pair<const char*, int>> categories{
        {"health-data", settings.healthDataDays},
        {"payments", settings.paymentsDays},
        {"authentication", settings.authenticationDays},
        {"administration", settings.administrationDays}};
    std::int64_t entries = 0;
    for (const auto& [category, days] : categories) {
        if (days == 0)
            continue;
        while (const std::int64_t purged = purgeOldestDay(run, category, days)) {
            entries += purged;
            run.progress(std::to_string(entries) + " audit entries emptied");
            if (run.mustStop())
                return yield();
        }
    }
    run.progress(std::to_string(entries) + " audit entries emptied");
    return {};
}

} // namespace

Kind auditRetentionKind(const AuditRetentionSettings& settings)
{
    Kind kind;
    kind.name = "audit-retention";
    kind.run = [settings](Run& run) { return retainAudit(run, settings); };
    kind.lengthy = true;
    kind.daily = true;
    return kind;
}

} // namespace yarrow::server::jobs
