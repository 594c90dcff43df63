// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/signing_keys.h"
#include "server/db/connection.h"
#include "server/problem.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace yarrow::server {

struct IssuedTokens
{
    std::string accessToken;
    std::int64_t expiresIn = 0; ///< seconds
    std::string refreshToken;   ///< empty for a device
    std::string scope;          ///< of SMART: "system/*.cruds", "user/*.cruds"
};

/// Seconds since 1970.
using SecondsNow = std::function<std::int64_t()>;
[[nodiscard]] std::int64_t systemSeconds();

/// Gives out access tokens for a device's assertion, a password or a refresh token. An access token says who
/// it is for and until when, nothing about rights: those are read when it is used. Called from every worker
/// thread.
class TokenService
{
public:
    static constexpr std::int64_t kAccessLife = 10 * 60;
    static constexpr std::int64_t kRefreshLife = 24 * 60 * 60; ///< of the whole family, from the sign-in on
    static constexpr std::int64_t kLongestAssertion = 5 * 60;
    static constexpr std::int64_t kClockLeeway = 30;

    TokenService(SigningKeys& keys, std::string issuer, SecondsNow now = systemSeconds)
        : m_keys(keys)
        , m_issuer(std::move(issuer))
        , m_now(std::move(now))
    {}

    /// `assertion`: RFC 7523, signed with ES256 by the device; iss and sub its client id `<tenant>.<device>`,
    /// aud `audience`, exp at most five minutes ahead, jti redeemed once. 401 `assertion-invalid`,
    /// `assertion-expired` (a clock that is wrong, most often) or `assertion-used`; 403 `device-revoked`,
    /// `clinic-suspended`.
    [[nodiscard]] Result<IssuedTokens> forAssertion(db::Connection& connection, std::string_view assertion,
                                                    std::string_view audience);
    /// `userName` is user@clinic. 401 `sign-in-failed` whatever was wrong; 403 `account-disabled`,
    /// `clinic-suspended` to who knows the password; 429 `sign-in-throttled`, 503 `sign-in-busy` with
    /// Retry-After.
    [[nodiscard]] Result<IssuedTokens> forPassword(db::Connection& connection, std::string_view userName,
                                                   std::string_view password);
    /// Gives a new refresh token for the old one, which is good only once. 400 `refresh-token-invalid`; 400
    /// `refresh-token-reused` ends all tokens of that sign-in, since one of the two who showed it has stolen
    /// it.
    [[nodiscard]] Result<IssuedTokens> forRefreshToken(db::Connection& connection,
                                                       std::string_view refreshToken);

private:
    [[nodiscard]] Result<std::string> accessToken(db::Connection& connection, const TenantId& tenant,
                                                  std::string_view kind, std::string_view subject);

    SigningKeys& m_keys;
    std::string m_issuer;
    SecondsNow m_now;
};

/// The `aud` of our access tokens.
inline constexpr std::string_view kAccessAudience = "yarrow-api";

} // namespace yarrow::server
