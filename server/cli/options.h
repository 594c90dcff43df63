// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/limits.h"
#include "server/jobs/cleanup.h"
#include "server/ops/log.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace yarrow::server::cli {

/// What the program was told: by flag, else by environment (--key-file is YARROW_KEY_FILE), else by the file
/// that
/// --config names, else the default below.
struct Options
{
    // Database
    std::string database;      ///< URI, as the role yarrow_app
    std::string databaseOwner; ///< URI, as the owner of the schema
    int slowQueryMs = 100;
    // Connections
    std::vector<std::string> listen = {"127.0.0.1:8443"};
    std::string tlsCertificate;
    std::string tlsKey;
    bool insecureHttp = false;
    std::string publicUrl;
    std::vector<std::string> trustedProxies;
    // Keys
    std::string keyFile;
    std::string erasureLog; ///< empty: none is kept
    // Processing
    int workers = 8;
    int ioThreads = 2;
    int queue = 1000;
    int drainSeconds = 30;
    HttpLimits limits;
    int jobThreads = 2;
    std::chrono::milliseconds jobLease = std::chrono::seconds(15);
    bool allowInsecureWebhooks = false;
    bool allowPrivateWebhooks = false;
    int keepVersionsDays = 365;
    int keepOperationsDays = 90;
    jobs::AuditRetentionSettings keepAudit;
    int sockets = 12000; ///< WebSockets open at once
    // Operations
    ops::LogLevel logLevel = ops::LogLevel::Info;
    std::string metricsToken;
    std::string dataFolder = "."; ///< whose disk /health watches
    int leastFreeMb = 512;        ///< on that disk, or the server is not ready
};

/// Adds every option to `app`, in groups. Values are checked while they are read.
void addOptions(CLI::App& app, Options& options);

/// What the program was not told but a command needs: throws CLI::RequiredError, which names the option.
const std::string& needed(const std::string& value, const char* option);

} // namespace yarrow::server::cli
