// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/token_authenticator.h"

#include "server/auth/devices.h"
#include "server/auth/jwt.h"

#include <algorithm>
#include <cctype>

namespace yarrow::server {
namespace {

/// RFC 6750, section 3: who sends no token is not told of an error.
tl::unexpected<Problem> unauthorized(std::string code, std::string detail)
{
    std::string challenge = "Bearer realm=\"yarrow\"";
    if (code != "token-missing")
        challenge += ", error=\"invalid_token\", error_description=\"" + detail + '"';
    Problem problem{401, std::move(code), std::move(detail)};
    problem.headers.emplace_back("WWW-Authenticate", std::move(challenge));
    return tl::unexpected(std::move(problem));
}

tl::unexpected<Problem> invalidToken()
{
    return unauthorized("token-invalid", "The access token is not valid.");
}

bool startsWithBearer(std::string_view header)
{
    constexpr std::string_view kScheme = "bearer ";
    return header.size() > kScheme.size() &&
           std::equal(kScheme.begin(), kScheme.end(), header.begin(), [](char expected, char c) {
               return std::tolower(static_cast<unsigned char>(c)) == expected;
           });
}

Result<Principal> deviceOf(db::Transaction& transaction, std::string_view id)
{
    const auto rows =
        transaction.run("SELECT d.areas, d.revoked_at IS NOT NULL, d.wipe, t.suspended FROM device d "
                        "JOIN tenant t ON t.tenant_id = d.tenant_id "
                        "WHERE d.tenant_id = $1 AND d.device_id = $2",
                        transaction.tenant(), id);
    if (rows.empty())
        return invalidToken();
    if (rows[0][1].as<bool>())
        return tl::unexpected(revokedProblem(rows[0][2].as<bool>()));
    if (rows[0][3].as<bool>())
        return refuse(403, "clinic-suspended", "This clinic is suspended.");
    const auto areas = areasFromScopeId(rows[0][0].as<std::string>());
    if (!areas)
        return invalidToken();
    Principal principal;
    principal.kind = Principal::Kind::Device;
    principal.device = id;
    principal.areas = *areas;
    return principal;
}

Result<Principal> personOf(db::Transaction& transaction, std::string_view id)
{
    const auto rows = transaction.run("SELECT a.role, a.active, t.suspended FROM account a "
                                      "JOIN tenant t ON t.tenant_id = a.tenant_id "
                                      "WHERE a.tenant_id = $1 AND a.account_id = $2",
                                      transaction.tenant(), id);
    const auto role = rows.empty() ? std::nullopt : roleFromCode(rows[0][0].as<std::string>());
    if (!role)
        return invalidToken();
    if (!rows[0][1].as<bool>())
        return refuse(403, "account-disabled", "This account is disabled.");
    if (rows[0][2].as<bool>())
        return refuse(403, "clinic-suspended", "This clinic is suspended.");
    Principal principal;
    principal.kind = Principal::Kind::Person;
    principal.account = id;
    principal.role = role;
    principal.areas = readableAreas(*role);
    return principal;
}

} // namespace

Result<Principal> TokenAuthenticator::authenticate(db::Connection& connection, const Request& request)
{
    const std::string_view header = request.headers.find("Authorization");
    if (header.empty())
        return unauthorized("token-missing", "This needs an access token.");
    if (!startsWithBearer(header))
        return unauthorized("token-invalid", "The Authorization header must hold a Bearer token.");
    std::string_view token = header.substr(header.find(' '));
    token.remove_prefix(std::min(token.find_first_not_of(' '), token.size()));
    return authenticateToken(connection, token);
}

Result<Principal> TokenAuthenticator::authenticateToken(db::Connection& connection, std::string_view token)
{
    const auto jwt = Jwt::parse(token);
    if (!jwt || jwt->kid().empty())
        return invalidToken();
    const auto key = m_keys.verifier(connection, jwt->kid());
    if (!key)
        return tl::unexpected(key.error());
    if (!*key || !jwt->isSignedBy(**key) || jwt->text("iss") != m_issuer || !jwt->isFor(kAccessAudience))
        return invalidToken();
    const auto expires = jwt->seconds("exp");
    const auto tenant = TenantId::parse(jwt->text("tenant"));
    if (!expires || !tenant)
        return invalidToken();
    // Our own clock set it, so there is no leeway.
    if (*expires <= m_now())
        return unauthorized("token-expired", "The access token has expired.");

    db::Transaction transaction(connection, *tenant, db::Isolation::ReadCommitted, true);
    const std::string_view kind = jwt->text("kind");
    Result<Principal> principal = kind == "device"   ? deviceOf(transaction, jwt->text("sub"))
                                  : kind == "person" ? personOf(transaction, jwt->text("sub"))
                                                     : Result<Principal>(invalidToken());
    if (principal) {
        principal->tenant = *tenant;
        principal->scopeId = scopeIdOf(principal->areas);
        principal->expires = *expires;
    }
    return principal;
}

} // namespace yarrow::server
