// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/principal.h"
#include "server/db/connection.h"
#include "server/http/message.h"
#include "server/problem.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server {

/// What a handler works with. Lives on one worker thread for the length of the request.
struct Call
{
    const Request& request;
    db::Connection& db;                           ///< of this worker
    std::map<std::string, std::string> path = {}; ///< what stood in the pattern's braces
    std::optional<Principal> caller = {};         ///< set unless the route is public

    [[nodiscard]] const Principal& principal() const { return *caller; }
};

/// A refusal is a Problem; exceptions of libpqxx may pass and become 503 (no connection) or 500.
using Handler = std::function<Result<Response>(Call&)>;

/// How problems are written: OperationOutcome or RFC 9457. Chosen by the path: /fhir or elsewhere.
struct Route
{
    enum class Access { Public, Token };
    /// Which token bucket and which body limit hold.
    enum class Traffic { Api, Sync, SignIn };

    std::string method; ///< "GET"; "*" for all that no other route of the pattern names
    std::string
        pattern; ///< "/api/v1/devices/{device}"; "/fhir/{type}/{id}"; a segment that is text wins over {…}
    Handler handler;
    Access access = Access::Token;
    Traffic traffic = Traffic::Api;
};

/// Finds the handler of a request. Filled at the start, read by all threads afterwards.
class Router
{
public:
    void add(Route route);

    struct Match
    {
        const Route* route = nullptr;
        std::map<std::string, std::string> path;
    };
    /// 404 `no-such-path`, or 405 `method-not-allowed` (the detail names what is) when only the method is
    /// wrong. HEAD finds the route of GET.
    [[nodiscard]] Result<Match> find(std::string_view method, std::string_view path) const;

    [[nodiscard]] const std::vector<std::unique_ptr<Route>>& routes() const noexcept { return m_routes; }

private:
    std::vector<std::unique_ptr<Route>> m_routes; // addresses stay
};

} // namespace yarrow::server
