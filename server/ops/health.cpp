// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ops/health.h"

#include "server/db/migrations.h"
#include "server/http/problem_response.h"
#include "server/ops/metrics.h"

#include <boost/json.hpp>
#include <openssl/crypto.h>
#include <pqxx/pqxx>

namespace yarrow::server::ops {
namespace {

namespace json = boost::json;

/// One thing the server stands on: empty when well, else what is wrong.
using Check = std::function<std::string()>;

bool runCheck(json::object& checks, std::string_view name, const Check& check)
{
    const auto started = std::chrono::steady_clock::now();
    std::string wrong;
    try {
        wrong = check();
    } catch (const std::exception&) {
        wrong = "failed";
    }
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - started;
    json::object result{{"status", wrong.empty() ? "ok" : "unavailable"}, {"ms", took.count()}};
    if (!wrong.empty())
        result["problem"] = wrong;
    checks[name] = std::move(result);
    return wrong.empty();
}

bool isLoopback(std::string_view address)
{
    return address == "::1" || address.substr(0, 4) == "127.";
}

bool sameSecret(std::string_view given, std::string_view secret)
{
    return given.size() == secret.size() && CRYPTO_memcmp(given.data(), secret.data(), secret.size()) == 0;
}

} // namespace

Health::Health(Settings settings)
    : m_settings(std::move(settings))
{}

void Health::addFigures(Figures figures)
{
    m_figures.push_back(std::move(figures));
}

void Health::addRoutes(Router& router)
{
    const auto live = [](const Request&) {
        Response response;
        response.headers.set("Content-Type", "application/json");
        response.body = R"({"status":"ok"})";
        return response;
    };
    router.add({"GET", "/health/live", {}, Route::Access::Public, Route::Traffic::Probe, live});
    const auto add = [&](const char* path, bool detailed) {
        router.add({"GET", path,
                    [this, detailed](Call& call) -> Result<Response> { return report(call.db, detailed); },
                    Route::Access::Public, Route::Traffic::Probe});
    };
    add("/health/ready", false);
    add("/health", true);
}

Response Health::report(db::Connection& connection, bool detailed) const
{
    json::object checks;
    bool well = runCheck(checks, "database", [&] {
        try {
            db::Transaction(connection, TenantId(), db::Isolation::ReadCommitted, true).run("SELECT 1");
        } catch (const pqxx::broken_connection&) {
            return std::string("cannot be reached");
        }
        return std::string();
    });
    well &= runCheck(checks, "migrations", [&] {
        const auto servable = db::checkServable(db::appliedVersion(connection));
        return servable ? std::string() : servable.error().detail;
    });
    std::filesystem::space_info space;
    well &= runCheck(checks, "disk", [&] {
        space = std::filesystem::space(m_settings.dataFolder);
        return std::string(space.available < m_settings.leastFreeBytes ? "too little free space" : "");
    });
    well &= runCheck(checks, "draining",
                     [this] { return std::string(m_draining ? "the server is about to stop" : ""); });

    json::object document{{"status", well ? "ok" : "unavailable"}, {"checks", std::move(checks)}};
    if (detailed) {
        document["version"] = m_settings.version;
        document["uptimeSeconds"] =
            std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - m_started)
                .count();
        document["schemaVersion"] = db::newestKnownVersion();
        document["freeDiskBytes"] = space.available;
        for (const Figures& figures : m_figures) {
            for (const auto& [name, value] : figures())
                document[name] = value;
        }
    }
    Response response;
    response.status = well ? 200 : 503;
    response.headers.set("Content-Type", "application/json");
    response.body = json::serialize(document);
    return response;
}

void addMetricsRoute(Router& router, const std::string& token)
{
    const auto handler = [token](const Request& request) {
        constexpr std::string_view kScheme = "Bearer ";
        const std::string_view given = request.headers.find("Authorization");
        // A proxy on this machine that nobody said to trust still shows by its field.
        const bool here =
            request.direct && isLoopback(request.address) && !request.headers.contains("X-Forwarded-For");
        const bool known = !token.empty() && given.substr(0, kScheme.size()) == kScheme &&
                           sameSecret(given.substr(kScheme.size()), token);
        if (!here && !known)
            return problemResponse({403,
                                    "metrics-forbidden",
                                    "Metrics are for callers on this machine, or with their token.",
                                    {},
                                    {},
                                    {}},
                                   request);
        Response response;
        response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        response.body = metricsText();
        return response;
    };
    router.add({"GET", "/metrics", {}, Route::Access::Public, Route::Traffic::Probe, handler});
}

} // namespace yarrow::server::ops
