// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/cli/options.h"
#include "server/problem.h"

#include <stdexcept>
#include <string>

namespace yarrow::server::cli {

// Each adds the commands of one subject to `app`, in a file of its own. A command is a callback of its
// CLI::App: it does its work, writes to standard output, and throws CommandFailed (exit status 1) or what
// needed() throws. `options` is filled when callbacks run, and outlives them.
void addServeCommand(CLI::App& app, Options& options);
void addMigrateCommand(CLI::App& app, Options& options);
void addJobsCommand(CLI::App& app, Options& options);
void addTenantCommand(CLI::App& app, Options& options);
void addCodeCommand(CLI::App& app, Options& options);
void addDeviceCommand(CLI::App& app, Options& options);
void addAuditCommand(CLI::App& app, Options& options);
void addEraseCommand(CLI::App& app, Options& options);

/// Its text goes to standard error.
class CommandFailed : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
    explicit CommandFailed(const Problem& problem)
        : std::runtime_error(problem.detail)
    {}
};

/// The value, or CommandFailed with the problem's sentence.
template <class T>
T orFail(Result<T> result)
{
    if (!result)
        throw CommandFailed(result.error());
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

} // namespace yarrow::server::cli
