// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/cli/options.h"

#include "server/http/trusted_proxies.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>

namespace yarrow::server::cli {
namespace {

// "--key-file" → "YARROW_KEY_FILE"
std::string environmentName(const std::string& flag)
{
    std::string name = "YARROW_" + flag.substr(2);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return c == '-' ? '_' : static_cast<char>(std::toupper(c)); });
    return name;
}

/// Leaves out of the file what the environment says: to CLI11 the file would come first.
class FileBehindEnvironment final : public CLI::ConfigTOML
{
public:
    std::vector<CLI::ConfigItem> from_config(std::istream& input) const override
    {
        std::vector<CLI::ConfigItem> read = CLI::ConfigTOML::from_config(input);
        std::erase_if(read, [](const CLI::ConfigItem& item) {
            return std::getenv(environmentName("--" + item.name).c_str()) != nullptr;
        });
        return read;
    }
};

/// Adds options to one group of the help.
class Group
{
public:
    Group(CLI::App& app, std::string name)
        : m_app(app)
        , m_name(std::move(name))
    {}
    template <class T>
    CLI::Option* option(const std::string& flag, T& value, const std::string& help)
    {
        return dress(m_app.add_option(flag, value, help), flag)->capture_default_str();
    }
    CLI::Option* flag(const std::string& flag, bool& value, const std::string& help)
    {
        return dress(m_app.add_flag(flag, value, help), flag);
    }
    /// Milliseconds inside, seconds (with a fraction) outside.
    void seconds(const std::string& flag, std::chrono::milliseconds& value, const std::string& help)
    {
        const auto read = [&value](const double& given) {
            value = std::chrono::milliseconds(static_cast<std::int64_t>(given * 1000));
        };
        dress(m_app.add_option_function<double>(flag, read, help), flag)
            ->default_str(std::to_string(value.count() / 1000))
            ->check(CLI::Range(0.1, 3600.0));
    }
    /// Bytes inside, KiB outside.
    void kibibytes(const std::string& flag, std::size_t& value, const std::string& help)
    {
        const auto read = [&value](const std::uint64_t& given) { value = given * 1024; };
        dress(m_app.add_option_function<std::uint64_t>(flag, read, help), flag)
            ->default_str(std::to_string(value / 1024))
            ->check(CLI::Range(1, 1024 * 1024));
    }

private:
    CLI::Option* dress(CLI::Option* option, const std::string& flag) const
    {
        return option->group(m_name)->envname(environmentName(flag));
    }
    CLI::App& m_app;
    std::string m_name;
};

std::string checkUrl(const std::string& url)
{
    const std::size_t scheme = url.find("://");
    const std::string name = url.substr(0, scheme);
    if (scheme == std::string::npos || (name != "https" && name != "http") || !isHost(url.substr(scheme + 3)))
        return "must be a URL without path, like https://clinic.example:8443";
    return {};
}

std::string checkNetwork(const std::string& network)
{
    const auto parsed = TrustedProxies::parse({network});
    return parsed ? std::string() : parsed.error().detail;
}

void addConnectionOptions(CLI::App& app, Options& options)
{
    Group group(app, "Connections");
    group.option("--listen", options.listen, "host:port to listen on; may be given several times")
        ->expected(1, 16)
        ->delimiter(',');
    CLI::Option* certificate = group
                                   .option("--tls-certificate", options.tlsCertificate,
                                           "PEM file: certificate and the ones above it")
                                   ->check(CLI::ExistingFile);
    CLI::Option* key =
        group.option("--tls-key", options.tlsKey, "PEM file: private key")->check(CLI::ExistingFile);
    certificate->needs(key);
    key->needs(certificate);
    group.flag("--insecure-http", options.insecureHttp, "Allow plain HTTP on other than loopback addresses");
    group
        .option("--public-url", options.publicUrl,
                "How callers reach the server; needed on other than loopback addresses")
        ->check(checkUrl);
    group
        .option("--trusted-proxy", options.trustedProxies,
                "Address or network of a proxy whose X-Forwarded-… fields are believed")
        ->expected(0, 64)
        ->delimiter(',')
        ->check(checkNetwork);
    group.option("--key-file", options.keyFile, "File with the key that wraps the server's secrets");
    group.option("--erasure-log", options.erasureLog,
                 "File with every erasure, apart from the backups: what is restored is erased again");
}

void addLimitOptions(CLI::App& app, Options& options)
{
    Group group(app, "Limits");
    HttpLimits& limits = options.limits;
    group.kibibytes("--max-header", limits.headerBytes, "KiB of a request's header");
    group.kibibytes("--max-body", limits.bodyBytes, "KiB of a request's body");
    group.kibibytes("--max-sync-body", limits.syncBodyBytes, "KiB of a bundle of changes");
    group.kibibytes("--max-body-memory", limits.bodyMemory, "KiB of all bodies under way together");
    group.option("--max-connections", limits.connections, "Connections at once")
        ->check(CLI::Range(1, 1'000'000));
    group.option("--max-sockets", options.sockets, "WebSockets at once")->check(CLI::Range(0, 1'000'000));
    group.seconds("--header-timeout", limits.headerTime,
                  "Seconds for a request's header, and for the TLS handshake");
    group.seconds("--body-timeout", limits.bodyTime, "Seconds for a body, and one more for each 128 KiB");
    group.seconds("--stall-timeout", limits.stallTime, "Seconds within which 4 KiB of a body have to arrive");
    group.seconds("--idle-timeout", limits.idleTime, "Seconds a connection may wait between requests");
    group.seconds("--write-timeout", limits.writeTime,
                  "Seconds for an answer, and one more for each 128 KiB");
    const auto rate = [&group](const std::string& flag, int& value, const std::string& help) {
        group.option(flag, value, help + "; 0: no limit")->check(CLI::Range(0, 1'000'000));
    };
    rate("--rate-api", limits.apiPerMinute, "Requests per minute of one device or person");
    rate("--rate-sync", limits.syncPerMinute, "Feed and bundle requests per minute of one device or person");
    rate("--rate-anonymous", limits.anonymousPerMinute,
         "Requests per minute without a valid token, per address");
    rate("--rate-sign-in", limits.failedSignInsPerMinute, "Failed sign-ins per minute, per address");
}

void addProcessOptions(CLI::App& app, Options& options)
{
    Group group(app, "Processing");
    group
        .option("--workers", options.workers,
                "Threads that work on requests, each with a database connection")
        ->check(CLI::Range(1, 512));
    group.option("--io-threads", options.ioThreads, "Threads for input and output")->check(CLI::Range(1, 64));
    group.option("--queue", options.queue, "Requests that may wait for a worker")
        ->check(CLI::Range(1, 100'000));
    group
        .option("--drain-seconds", options.drainSeconds,
                "Seconds for running requests to end when the server stops")
        ->check(CLI::Range(0, 3600));
    group
        .option("--job-threads", options.jobThreads,
                "Threads for what is done beside requests; 0: other processes do it")
        ->check(CLI::Range(0, 64));
    group.seconds("--job-lease", options.jobLease,
                  "Seconds until the job of a process that died is taken again");
    group.flag("--allow-insecure-webhooks", options.allowInsecureWebhooks, "Let webhooks go to plain http");
    group.flag("--allow-private-webhooks", options.allowPrivateWebhooks,
               "Let webhooks go to addresses that are not public");
    group
        .option("--keep-versions-days", options.keepVersionsDays,
                "Days a version is kept after another took its place")
        ->check(CLI::Range(1, 36'500));
    group.option("--keep-operations-days", options.keepOperationsDays, "Days an operation id is known")
        ->check(CLI::Range(1, 36'500));
    const auto audit = [&group](const std::string& flag, int& days, const std::string& what) {
        group.option(flag, days, "Days audit entries of " + what + " are kept; 0: for ever")
            ->check(CLI::Range(0, 36'500));
    };
    audit("--keep-audit-health-days", options.keepAudit.healthDataDays, "health data");
    audit("--keep-audit-payments-days", options.keepAudit.paymentsDays, "payments");
    audit("--keep-audit-sign-in-days", options.keepAudit.authenticationDays, "signing in");
    audit("--keep-audit-admin-days", options.keepAudit.administrationDays, "administration");
}

} // namespace

void addOptions(CLI::App& app, Options& options)
{
    app.config_formatter(std::make_shared<FileBehindEnvironment>());
    // CLI11 reads the file before the environment, so what names the file there is its default here.
    const char* file = std::getenv("YARROW_CONFIG");
    app.set_config("--config", file != nullptr ? file : "",
                   "File with options: one `name = value` per line, names without dashes; also YARROW_CONFIG",
                   file != nullptr)
        ->group("General");
    {
        Group group(app, "Database");
        group.option("--database", options.database, "PostgreSQL URI, as the role yarrow_app");
        group.option("--database-owner", options.databaseOwner, "PostgreSQL URI, as the owner of the schema");
        group
            .option("--slow-query-ms", options.slowQueryMs, "Statements that take longer are logged; 0: none")
            ->check(CLI::Range(0, 60'000));
    }
    addConnectionOptions(app, options);
    addProcessOptions(app, options);
    addLimitOptions(app, options);
    {
        Group group(app, "Operations");
        const std::map<std::string, ops::LogLevel> levels = {{"debug", ops::LogLevel::Debug},
                                                             {"info", ops::LogLevel::Info},
                                                             {"warning", ops::LogLevel::Warning},
                                                             {"error", ops::LogLevel::Error}};
        app.add_option("--log-level", options.logLevel,
                       "The least that is logged: debug, info, warning, error")
            ->transform(CLI::CheckedTransformer(levels, CLI::ignore_case).description(""))
            ->default_str("info")
            ->group("Operations")
            ->envname("YARROW_LOG_LEVEL");
        group.option("--metrics-token", options.metricsToken,
                     "Lets /metrics be read from elsewhere than this machine, as a bearer token");
        group.option("--data-folder", options.dataFolder, "Folder whose disk must have space")
            ->check(CLI::ExistingDirectory);
        group
            .option("--min-free-mb", options.leastFreeMb, "MiB free on that disk, or the server is not ready")
            ->check(CLI::Range(0, 1'000'000));
    }
}

const std::string& needed(const std::string& value, const char* option)
{
    if (value.empty())
        throw CLI::RequiredError(option);
    return value;
}

} // namespace yarrow::server::cli
