// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/request_log.h"

#include "server/ops/log.h"
#include "server/ops/metrics.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace yarrow::server {
namespace {

const std::vector<double> kSeconds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                      0.25,  0.5,    1,     2.5,  5,     10,   30};

// A method nobody knows must not make a new figure.
std::string_view knownMethod(std::string_view method) noexcept
{
    constexpr std::array<std::string_view, 7> kMethods = {"GET",   "HEAD",   "POST",   "PUT",
                                                          "PATCH", "DELETE", "OPTIONS"};
    return std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end() ? "other" : method;
}

struct RouteFigures
{
    explicit RouteFigures(const std::string& method, const std::string& pattern)
        : seconds("yarrow_http_request_seconds", "From the first byte of a request to the last of its answer",
                  kSeconds, {{"method", method}, {"route", pattern}})
    {
        for (int status = 1; status <= 5; ++status)
            byClass.emplace_back("yarrow_http_requests_total", "Requests answered",
                                 ops::Labels{{"method", method},
                                             {"route", pattern},
                                             {"status", std::to_string(status) + "xx"}});
    }
    ops::Histogram seconds;
    std::vector<ops::Counter> byClass;
};

} // namespace

struct RequestLog::Figures
{
    std::unordered_map<const Route*, RouteFigures> routes;
};

RequestLog::RequestLog(const Router& router)
    : m_figures(std::make_unique<Figures>())
{
    m_figures->routes.emplace(nullptr, RouteFigures("other", "none"));
    for (const auto& route : router.routes())
        m_figures->routes.emplace(route.get(), RouteFigures(route->method, route->pattern));
}

RequestLog::~RequestLog() = default;

void RequestLog::done(const Request& request, const Route* route, const Answer& answer, Sizes sizes,
                      std::chrono::steady_clock::duration took)
{
    const double seconds = std::chrono::duration<double>(took).count();
    const int status = answer.response.status;
    RouteFigures& figures = m_figures->routes.at(route);
    figures.seconds.observe(seconds);
    figures.byClass.at(static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1)).add();

    // Probes come every few seconds for ever: only a failing one is news.
    const bool dull = route != nullptr && route->traffic == Route::Traffic::Probe && status < 500;
    static const std::string kNone;
    const Principal* caller = answer.caller ? &*answer.caller : nullptr;
    ops::log(dull ? ops::LogLevel::Debug : ops::LogLevel::Info, "request",
             {{"request", request.id},
              {"method", knownMethod(request.method)},
              {"route", route != nullptr ? std::string_view(route->pattern) : std::string_view()},
              {"status", status},
              {"problem", answer.problem},
              {"ms", seconds * 1000},
              {"received", static_cast<std::int64_t>(sizes.received)},
              {"sent", static_cast<std::int64_t>(sizes.sent)},
              {"tenant", caller != nullptr ? caller->tenant.text() : kNone},
              {"device", caller != nullptr ? caller->device : kNone},
              {"account", caller != nullptr ? caller->account : kNone}});
}

} // namespace yarrow::server
