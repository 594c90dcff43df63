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

/// For what needs neither database nor caller and never waits: runs on the thread that read the request, so
/// it is answered even when every worker is busy.
using ImmediateHandler = std::function<Response(const Request&)>;

struct Route
{
    enum class Access { Public, Token };
    /// Which token bucket and which body limit hold. Nothing limits a Probe; it is for monitors.
    enum class Traffic { Api, Sync, SignIn, Probe };

    std::string method; ///< "GET"; "*" for all that no other route of the pattern names
    std::string
        pattern; ///< "/api/v1/devices/{device}"; "/fhir/{type}/{id}"; a segment that is text wins over {…}
    Handler handler;
    Access access = Access::Token;
    Traffic traffic = Traffic::Api;
    ImmediateHandler immediate = {}; ///< instead of `handler`, for a Public route
};

/// Finds the handler of a request. Filled at the start, read by all threads afterwards.
class Router
{
public:
    Router();
    ~Router();
    Router(const Router&) = delete;
    Router& operator=(const Router&) = delete;

    /// Adding the same method and pattern twice is a bug and throws std::logic_error.
    void add(Route route);

    struct Match
    {
        const Route* route = nullptr;
        std::map<std::string, std::string> path;
    };
    /// 404 `no-such-path`, or 405 `method-not-allowed` (the detail names what is) when only the method is
    /// wrong. HEAD finds the route of GET. One slash at the end of a path is passed over.
    [[nodiscard]] Result<Match> find(std::string_view method, std::string_view path) const;
    /// The methods of the pattern that `path` fits: "GET, HEAD, POST"; empty for an unknown path.
    [[nodiscard]] std::string methodsOf(std::string_view path) const;

    [[nodiscard]] const std::vector<std::unique_ptr<Route>>& routes() const noexcept { return m_routes; }

private:
    struct Node;
    std::vector<std::unique_ptr<Route>> m_routes; // addresses stay
    std::unique_ptr<Node> m_root;
};

} // namespace yarrow::server
