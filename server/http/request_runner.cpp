// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/request_runner.h"

#include "server/http/content_coding.h"
#include "server/http/field_text.h"
#include "server/http/problem_response.h"
#include "server/ops/metrics.h"

#include <pqxx/pqxx>

namespace yarrow::server {
namespace {

tl::unexpected<Problem> tooMany(const BucketState& state, const char* kind)
{
    static ops::Counter limited("yarrow_http_rate_limited_total", "Requests refused with 429");
    limited.add();
    Problem problem{
        429, "too-many-requests", std::string("Too many ") + kind + "; wait before the next one.", {}, {},
        {}};
    problem.headers.emplace_back("Retry-After", std::to_string(state.retrySeconds));
    return tl::unexpected(std::move(problem));
}

void addRateFields(Headers& headers, const BucketState& state)
{
    if (state.limit == 0)
        return;
    headers.set("RateLimit-Limit", std::to_string(state.limit));
    headers.set("RateLimit-Remaining", std::to_string(state.remaining));
    headers.set("RateLimit-Reset", std::to_string(state.resetSeconds));
}

std::string bucketKey(const Principal& caller)
{
    const bool device = caller.kind == Principal::Kind::Device;
    return caller.tenant.text() + (device ? "d" : "p") + (device ? caller.device : caller.account);
}

bool hasBearer(const Request& request)
{
    constexpr std::string_view kScheme = "Bearer ";
    const std::string_view value = request.headers.find("Authorization");
    return value.size() > kScheme.size() && sameText(value.substr(0, kScheme.size()), kScheme);
}

/// What counts as a failed sign-in. A workstation that was revoked or whose clock is wrong asks again and
/// again, and must not lock out the others behind its address.
bool isGuess(std::string_view code)
{
    return code == "sign-in-failed" || code == "enrolment-code-unknown";
}

bool isPrivate(const Route& route)
{
    return route.access == Route::Access::Token || route.traffic != Route::Traffic::Api;
}

} // namespace

RequestRunner::RequestRunner(const Router& router, Authenticator& authenticator, const HttpLimits& limits)
    : m_router(router)
    , m_authenticator(authenticator)
    , m_limits(limits)
    , m_api(limits.apiPerMinute)
    , m_sync(limits.syncPerMinute)
    , m_anonymous(limits.anonymousPerMinute)
    , m_failedSignIns(limits.failedSignInsPerMinute)
    , m_refusedSignIns(limits.anonymousPerMinute)
{}

std::size_t RequestRunner::bodyLimit(const Route& route) const noexcept
{
    return route.traffic == Route::Traffic::Sync ? m_limits.syncBodyBytes : m_limits.bodyBytes;
}

Result<void> RequestRunner::countAnonymous(const Request& request)
{
    const BucketState state = m_anonymous.take(addressKey(request.address));
    if (!state.allowed)
        return tooMany(state, "requests without a valid token from this address");
    return {};
}

Result<Router::Match> RequestRunner::admit(const Request& request)
{
    auto match = m_router.find(request.method, request.path);
    if (!match) {
        if (match.error().status == 405)
            match.error().headers.emplace_back("Allow", m_router.methodsOf(request.path));
        if (!hasBearer(request)) {
            if (auto counted = countAnonymous(request); !counted)
                return tl::unexpected(std::move(counted.error()));
        }
        return match;
    }
    if (match->route->access == Route::Access::Token && !hasBearer(request)) {
        if (auto counted = countAnonymous(request); !counted)
            return tl::unexpected(std::move(counted.error()));
        return refuse(401, "token-missing", "This needs an access token (Authorization: Bearer …).");
    }
    return match;
}

Result<Response> RequestRunner::answer(Request& request, Router::Match& match, db::Connection& connection,
                                       Answer& answer, Headers& extra)
{
    const Route& route = *match.route;
    const bool signsIn = route.traffic == Route::Traffic::SignIn;
    const std::string address = addressKey(request.address);
    if (route.access == Route::Access::Token) {
        auto caller = m_authenticator.authenticate(connection, request);
        if (!caller) {
            if (caller.error().status == 401) {
                if (auto counted = countAnonymous(request); !counted)
                    return tl::unexpected(std::move(counted.error()));
            }
            return tl::unexpected(std::move(caller.error()));
        }
        answer.caller = std::move(*caller);
        TokenBuckets& buckets = route.traffic == Route::Traffic::Sync ? m_sync : m_api;
        const BucketState state = buckets.take(bucketKey(*answer.caller));
        addRateFields(extra, state);
        if (!state.allowed)
            return tooMany(state, "requests");
    } else if (signsIn) {
        // Counted after the answer, when it is known to have failed: as many more may pass as there are
        // workers.
        if (const BucketState state = m_failedSignIns.look(address); !state.allowed)
            return tooMany(state, "failed sign-ins from this address");
        if (const BucketState state = m_refusedSignIns.look(address); !state.allowed)
            return tooMany(state, "refused sign-ins from this address");
    } else if (route.traffic != Route::Traffic::Probe) {
        if (auto counted = countAnonymous(request); !counted)
            return tl::unexpected(std::move(counted.error()));
    }

    auto body =
        unpackBody(std::move(request.body), request.headers.find("Content-Encoding"), bodyLimit(route));
    if (!body)
        return tl::unexpected(std::move(body.error()));
    request.body = std::move(*body);

    Call call{request, connection, std::move(match.path), answer.caller};
    Result<Response> result = route.handler(call);
    if (signsIn) {
        const int status = result ? result->status : result.error().status;
        const std::string_view code =
            result ? result->headers.find(kProblemHeader) : std::string_view(result.error().code);
        if (isGuess(code))
            m_failedSignIns.take(address);
        else if (status >= 400 && status < 500)
            m_refusedSignIns.take(address);
    }
    return result;
}

Answer RequestRunner::run(Request& request, Router::Match match, db::Connection& connection)
{
    Answer answer;
    Headers extra;
    Result<Response> result;
    const bool isPrivateRoute = isPrivate(*match.route);
    try {
        result = this->answer(request, match, connection, answer, extra);
    } catch (...) {
        result = tl::unexpected(problemOfException(request.id));
        if (result.error().code == "database-unavailable")
            connection.close();
    }
    if (result) {
        answer.response = std::move(*result);
        answer.problem = answer.response.headers.find(kProblemHeader);
    } else {
        answer.problem = result.error().code;
        answer.response = problemResponse(result.error(), request);
    }
    for (const auto& [name, value] : extra.fields())
        answer.response.headers.set(name, value);
    finish(request, answer.response, isPrivateRoute);
    return answer;
}

Answer RequestRunner::runImmediately(const Request& request, const Route& route) const
{
    Answer answer;
    try {
        answer.response = route.immediate(request);
    } catch (...) {
        return refused(request, problemOfException(request.id));
    }
    finish(request, answer.response, isPrivate(route));
    return answer;
}

Answer RequestRunner::refused(const Request& request, const Problem& problem) const
{
    Answer answer{problemResponse(problem, request), std::nullopt, problem.code};
    finish(request, answer.response, true);
    return answer;
}

void RequestRunner::finish(const Request& request, Response& response, bool isPrivate) const
{
    Headers& headers = response.headers;
    headers.set("X-Request-Id", request.id);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (std::string_view(request.baseUrl).substr(0, 6) == "https:")
        headers.set("Strict-Transport-Security", "max-age=31536000");
    if (isPrivate || !headers.contains("Cache-Control"))
        headers.set("Cache-Control", "no-store");

    if (response.body.size() < kPackFrom || headers.contains("Content-Encoding"))
        return;
    headers.add("Vary", "Accept-Encoding");
    if (acceptsGzip(request.headers.find("Accept-Encoding"))) {
        response.body = packGzip(response.body);
        headers.set("Content-Encoding", "gzip");
    }
}

} // namespace yarrow::server
