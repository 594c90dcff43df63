// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/cli/erasure_log_option.h"

#include "server/cli/commands.h"
#include "server/ops/log.h"

namespace yarrow::server::cli {

OptionalErasureLog::OptionalErasureLog(const Options& options, db::Connection& connection)
{
    if (options.erasureLog.empty())
        return;
    m_keys = orFail(LocalKeyFile::openOrMake(needed(options.keyFile, "--key-file"), connection));
    m_log.emplace(options.erasureLog, *m_keys);
}

void OptionalErasureLog::replay(db::Transaction& work) const
{
    if (!m_log)
        return;
    if (const int records = records::replay(work, orFail(m_log->read())); records > 0)
        ops::log(ops::LogLevel::Warning, "erasures-replayed", {{"records", records}});
}

void OptionalErasureLog::reconcile(db::Connection& connection) const
{
    if (!m_log)
        return;
    {
        db::Transaction work(connection, TenantId());
        replay(work);
        work.commit();
    }
    std::set<std::string> known;
    for (const records::LoggedErasure& logged : orFail(m_log->read()))
        known.insert(logged.erasure.id);
    if (const auto missing = records::erasuresBesides(connection, known); !missing.empty())
        orFail(m_log->append(missing));
}

} // namespace yarrow::server::cli
