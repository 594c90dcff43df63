// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/cli/start_checks.h"

#include "server/cli/commands.h"
#include "server/db/migrations.h"

#include <sys/resource.h>

namespace yarrow::server::cli {
namespace {

void raiseFileLimit(const Options& options)
{
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    // Workers, listeners, logs and the like need a few besides the connections.
    constexpr rlim_t kOthers = 256;
    const rlim_t wanted = options.limits.connections + static_cast<rlim_t>(options.workers) + kOthers;
    if (files.rlim_cur < wanted)
        ops::log(ops::LogLevel::Warning, "few-file-handles",
                 {{"limit", static_cast<std::int64_t>(files.rlim_cur)},
                  {"wanted", static_cast<std::int64_t>(wanted)}});
}

} // namespace

void checkBeforeServing(const Options& options, db::Connection& connection)
{
    orFail(db::checkRole(connection));
    orFail(db::checkServable(db::appliedVersion(connection)));
    raiseFileLimit(options);
}

} // namespace yarrow::server::cli
