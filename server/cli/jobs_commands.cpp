// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/local_key_file.h"
#include "server/cli/commands.h"
#include "server/cli/job_setup.h"
#include "server/jobs/queue.h"

#include <iomanip>
#include <iostream>
#include <memory>

namespace yarrow::server::cli {

namespace {

constexpr int kMaxListed = 1000; ///< of a clinic

/// Slug and clinic, of all or of the one that is named.
std::vector<std::pair<std::string, TenantId>> clinics(db::Connection& connection, const std::string& slug)
{
    std::vector<std::pair<std::string, TenantId>> found;
    db::Transaction transaction(connection, TenantId(), db::Isolation::ReadCommitted, true);
    for (const pqxx::row& row : transaction.run("SELECT slug, tenant_id FROM tenant_directory "
                                                "WHERE $1 = '' OR slug = $1 ORDER BY slug",
                                                slug))
        found.emplace_back(row[0].as<std::string>(), TenantId::parse(row[1].as<std::string>()).value());
    if (found.empty() && !slug.empty())
        throw CommandFailed("There is no clinic " + slug + '.');
    return found;
}

void printJobs(const Options& options, const std::string& slug, const std::string& stateName)
{
    const std::optional<jobs::State> state = jobs::stateFromCode(stateName);
    db::Connection connection(needed(options.database, "--database"));
    for (const auto& [name, clinic] : clinics(connection, slug)) {
        db::Transaction transaction(connection, clinic, db::Isolation::ReadCommitted, true);
        for (const jobs::JobStatus& job : jobs::list(transaction, state, kMaxListed))
            std::cout << job.id << "  " << std::left << std::setw(14) << job.kind << std::setw(10)
                      << jobs::stateCode(job.state) << std::setw(28)
                      << (job.runAt.empty() ? job.finishedAt : job.runAt) << name << "  attempts "
                      << job.attempts << (job.progress.empty() ? "" : "  " + job.progress)
                      << (job.lastError.empty() ? "" : "  last error: " + job.lastError) << '\n';
    }
}

/// The clinic of a job that has not ended; the queue knows it.
TenantId clinicOf(db::Connection& connection, const std::string& job)
{
    if (!TenantId::parse(job)) // no UUID
        throw CommandFailed(job + " is no job's id.");
    db::Transaction transaction(connection, TenantId(), db::Isolation::ReadCommitted, true);
    const pqxx::result rows = transaction.run("SELECT tenant_id FROM job_queue WHERE job_id = $1", job);
    if (rows.empty())
        throw CommandFailed("There is no job " + job + " that waits, runs or has failed.");
    return TenantId::parse(rows[0][0].as<std::string>()).value();
}

void changeJob(const Options& options, const std::string& job,
               Result<void> (*change)(db::Transaction&, std::string_view))
{
    db::Connection connection(needed(options.database, "--database"));
    db::Transaction transaction(connection, clinicOf(connection, job));
    orFail(change(transaction, job));
    transaction.commit();
}

} // namespace

void addJobsCommand(CLI::App& app, Options& options)
{
    CLI::App* jobsCommand = app.add_subcommand("jobs", "What the server does beside the requests");
    jobsCommand->require_subcommand(1);

    CLI::App* list = jobsCommand->add_subcommand("list", "Show jobs, newest first");
    auto slug = std::make_shared<std::string>(); // these live as long as the commands' callbacks
    auto state = std::make_shared<std::string>();
    list->add_option("--tenant", *slug, "Only of the clinic with this slug");
    list->add_option("--state", *state, "queued, running, done, dead or cancelled")
        ->check(CLI::IsMember({"queued", "running", "done", "dead", "cancelled"}));
    list->callback([&options, slug, state] { printJobs(options, *slug, *state); });

    auto job = std::make_shared<std::string>();
    CLI::App* retry = jobsCommand->add_subcommand("retry", "Let a job that failed for good begin anew");
    retry->add_option("job", *job, "Its id")->required();
    retry->callback([&options, job] { changeJob(options, *job, jobs::retry); });

    CLI::App* cancel = jobsCommand->add_subcommand("cancel", "End a job");
    cancel->add_option("job", *job, "Its id")->required();
    cancel->callback([&options, job] { changeJob(options, *job, jobs::cancel); });

    CLI::App* drain =
        jobsCommand->add_subcommand("drain", "Do what is due here, and wait until nothing runs elsewhere");
    auto seconds = std::make_shared<int>(60);
    drain->add_option("--seconds", *seconds, "Give up after this time")->check(CLI::PositiveNumber);
    drain->callback([&options, seconds] {
        db::Connection connection(needed(options.database, "--database"));
        const auto keys = orFail(LocalKeyFile::openOrMake(needed(options.keyFile, "--key-file"), connection));
        jobs::Worker worker(workerSettingsOf(options), jobKindsOf(options, *keys));
        if (!worker.drain(std::chrono::seconds(*seconds)))
            throw CommandFailed("Some jobs still wait or run.");
    });
}

} // namespace yarrow::server::cli
