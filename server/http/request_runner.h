// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/authenticator.h"
#include "server/http/limits.h"
#include "server/http/router.h"
#include "server/http/token_buckets.h"

#include <optional>
#include <string_view>

namespace yarrow::server {

/// What goes back, and what the log says about it.
struct Answer
{
    Response response;
    std::optional<Principal> caller; ///< unless nobody was authenticated
    std::string problem;             ///< code of the problem; empty when there was none
};

/// Everything that happens to a request between its last byte and the first of its answer: who sends it, how
/// often, the body unpacked, the handler, problems put into words, header fields, the answer packed. Used by
/// all threads.
class RequestRunner
{
public:
    RequestRunner(const Router& router, Authenticator& authenticator, const HttpLimits& limits);

    [[nodiscard]] const Router& router() const noexcept { return m_router; }
    [[nodiscard]] std::size_t bodyLimit(const Route& route) const noexcept;

    /// What can be refused before a body is read: an unknown path, a route that needs a token and no token at
    /// all.
    [[nodiscard]] Result<Router::Match> admit(const Request& request);
    /// On a worker thread. The body is unpacked in place.
    [[nodiscard]] Answer run(Request& request, Router::Match match, db::Connection& connection);
    /// An ImmediateHandler's.
    [[nodiscard]] Answer runImmediately(const Request& request, const Route& route) const;
    /// The answer to a request that never got so far.
    [[nodiscard]] Answer refused(const Request& request, const Problem& problem) const;

private:
    [[nodiscard]] Result<Response> answer(Request& request, Router::Match& match, db::Connection& connection,
                                          Answer& answer, Headers& extra);
    [[nodiscard]] Result<void> countAnonymous(const Request& request);
    void finish(const Request& request, Response& response, bool isPrivate) const;

    const Router& m_router;
    Authenticator& m_authenticator;
    const HttpLimits m_limits;
    TokenBuckets m_api;
    TokenBuckets m_sync;
    TokenBuckets m_anonymous;
    TokenBuckets m_failedSignIns;
    TokenBuckets m_refusedSignIns; ///< for other reasons than a wrong guess
};

} // namespace yarrow::server
