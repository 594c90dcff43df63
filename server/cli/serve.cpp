// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/cli/commands.h"
#include "server/cli/erasure_log_option.h"
#include "server/cli/services.h"
#include "server/cli/start_checks.h"
#include "server/db/slow_query_log.h"
#include "server/http/http_server.h"
#include "server/http/worker_pool.h"
#include "server/ops/health.h"
#include "server/ops/log.h"
#include "server/ops/metrics.h"
#include "server/records/epoch.h"

#include <csignal>
#include <cstdlib>
#include <thread>

namespace yarrow::server::cli {
namespace {

/// The signals that end or turn the server come to one thread that waits for them, and interrupt nobody.
class Signals
{
public:
    Signals()
    {
        sigemptyset(&m_set);
        for (const int number : {SIGTERM, SIGINT, SIGHUP})
            sigaddset(&m_set, number);
        pthread_sigmask(SIG_BLOCK, &m_set, nullptr); // threads started later inherit it
        std::signal(SIGPIPE, SIG_IGN);
    }
    int wait() const
    {
        int number = 0;
        sigwait(&m_set, &number);
        return number;
    }

private:
    sigset_t m_set{};
};

void logSlowQueries(int slowQueryMs)
{
    if (slowQueryMs == 0)
        return;
    db::observeSlowQueries(
        std::chrono::milliseconds(slowQueryMs),
        [](std::string_view sql, std::chrono::microseconds took, std::string_view plan) {
            static ops::Counter slow("yarrow_db_slow_queries_total", "Statements over --slow-query-ms");
            slow.add();
            ops::log(ops::LogLevel::Warning, "slow-query",
                     {{"ms", static_cast<double>(took.count()) / 1000}, {"sql", sql}, {"plan", plan}});
        });
}

void watch(ops::Health& health, const HttpServer& server, const WorkerPool& workers)
{
    const auto figures = [&server, &workers] {
        return std::vector<std::pair<std::string, std::int64_t>>{
            {"connections", static_cast<std::int64_t>(server.connections())},
            {"workersBusy", workers.busy()},
            {"requestsQueued", static_cast<std::int64_t>(workers.queued())}};
    };
    health.addFigures(figures);
    ops::beforeMetricsAreRead([figures, &workers] {
        static ops::Gauge connections("yarrow_http_connections", "Connections open");
        static ops::Gauge busy("yarrow_workers_busy",
                               "Worker threads at work, each on its database connection");
        static ops::Gauge queued("yarrow_workers_queued", "Requests that wait for a worker");
        static ops::Gauge threads("yarrow_workers", "Worker threads");
        const auto now = figures();
        connections.set(static_cast<double>(now[0].second));
        busy.set(static_cast<double>(now[1].second));
        queued.set(static_cast<double>(now[2].second));
        threads.set(workers.threads());
    });
}

HttpServerOptions httpOptionsOf(const Options& options)
{
    HttpServerOptions http;
    http.listen = options.listen;
    http.certificateFile = options.tlsCertificate;
    http.keyFile = options.tlsKey;
    http.insecureHttp = options.insecureHttp;
    http.publicUrl = options.publicUrl;
    http.proxies = orFail(TrustedProxies::parse(options.trustedProxies));
    http.limits = options.limits;
    http.ioThreads = options.ioThreads;
    return http;
}

/// Now, and whenever PostgreSQL comes back: another one may have taken its place.
void noticeOtherDatabase(db::Connection& connection, const OptionalErasureLog& erasures)
{
    const auto replay = [&erasures](db::Transaction& work) { erasures.replay(work); };
    if (const int clinics = records::checkDatabaseIdentity(connection, replay); clinics > 0)
        ops::log(ops::LogLevel::Warning, "database-restored", {{"clinics", clinics}});
}

void serve(const Options& options)
{
    const Signals signals;
    ops::startLog(options.logLevel);
    logSlowQueries(options.slowQueryMs);
    const std::string& database = needed(options.database, "--database");
    db::Connection connection(database);
    checkBeforeServing(options, connection);
    const OptionalErasureLog erasures(options, connection);
    noticeOtherDatabase(connection, erasures);
    erasures.reconcile(connection); // a backup may have come back without another PostgreSQL
    db::observeNewConnections([&erasures](db::Connection& opened) { noticeOtherDatabase(opened, erasures); });

    WorkerPool workers(database, options.workers, static_cast<std::size_t>(options.queue));
    Services services(options, connection, workers, erasures.log());
    connection.close();
    RequestRunner runner(services.router(), services.authenticator(), options.limits);
    HttpServer server(httpOptionsOf(options), runner, workers, &services.upgrades());
    watch(services.health(), server, workers);
    services.start();
    for (const std::string& address : orFail(server.start()))
        ops::log(ops::LogLevel::Info, "listening", {{"address", address}});
    ops::flushLog();

    while (signals.wait() == SIGHUP) {
        if (options.tlsCertificate.empty())
            continue;
        const auto reloaded = server.reloadCertificate();
        ops::log(reloaded ? ops::LogLevel::Info : ops::LogLevel::Error,
                 reloaded ? "certificate-reloaded" : "certificate-not-reloaded");
    }

    ops::log(ops::LogLevel::Info, "draining");
    std::thread([signals] {
        while (signals.wait() == SIGHUP) {
        }
        ops::flushLog();
        std::_Exit(EXIT_FAILURE); // whoever asks twice does not want to wait
    }).detach();
    services.health().drain();
    if (!server.drain(std::chrono::seconds(options.drainSeconds))) {
        ops::log(ops::LogLevel::Warning, "not-drained",
                 {{"connections", static_cast<int>(server.connections())}});
        ops::flushLog();
        std::_Exit(EXIT_FAILURE); // PostgreSQL rolls back what was under way
    }
    workers.stop();
    services.stop();
    ops::log(ops::LogLevel::Info, "stopped");
    ops::flushLog();
}

} // namespace

void addServeCommand(CLI::App& app, Options& options)
{
    CLI::App* command =
        app.add_subcommand("serve", "Serve requests until SIGTERM; a second one ends at once");
    command->callback([&options] { serve(options); });
}

} // namespace yarrow::server::cli
