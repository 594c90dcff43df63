// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/router.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace yarrow::server::ops {

/// What the server stands on, looked at whenever a monitor asks.
class Health
{
public:
    struct Settings
    {
        std::filesystem::path dataFolder; ///< whose disk must have space
        std::uintmax_t leastFreeBytes = 0;
        std::string version;
    };
    /// More figures for /health; no secrets.
    using Figures = std::function<std::vector<std::pair<std::string, std::int64_t>>()>;

    explicit Health(Settings settings);
    /// From now on the server is not ready, so that no new work is sent to it. From any thread.
    void drain() noexcept { m_draining = true; }
    void addFigures(Figures figures); ///< before there are requests

    /// GET /health/live (the process answers), /health/ready (503 unless it can serve: database, migrations,
    /// disk, not draining; each with its status and milliseconds) and /health (the same with more figures).
    void addRoutes(Router& router);

private:
    Response report(db::Connection& connection, bool detailed) const;

    const Settings m_settings;
    const std::chrono::steady_clock::time_point m_started = std::chrono::steady_clock::now();
    std::atomic<bool> m_draining{false};
    std::vector<Figures> m_figures;
};

/// GET /metrics: for callers on this machine that no proxy stands before, and with `token` (unless empty) as
/// a bearer token for others; 403 `metrics-forbidden`.
void addMetricsRoute(Router& router, const std::string& token);

} // namespace yarrow::server::ops
