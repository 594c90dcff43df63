// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/authenticator.h"
#include "server/auth/signing_keys.h"
#include "server/auth/token_service.h"

#include <string>

namespace yarrow::server {

/// Verifies our own access tokens (RFC 6750, in the Authorization header only).
class TokenAuthenticator : public Authenticator
{
public:
    TokenAuthenticator(SigningKeys& keys, std::string issuer, SecondsNow now = systemSeconds)
        : m_keys(keys)
        , m_issuer(std::move(issuer))
        , m_now(std::move(now))
    {}

    [[nodiscard]] Result<Principal> authenticate(db::Connection& connection, const Request& request) override;
    /// The same for a token that came another way: a WebSocket's `bind-with-token`.
    [[nodiscard]] Result<Principal> authenticateToken(db::Connection& connection, std::string_view token);

private:
    SigningKeys& m_keys;
    std::string m_issuer;
    SecondsNow m_now;
};

} // namespace yarrow::server
