// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/token_service.h"

#include "server/audit/server_audit.h"
#include "server/auth/accounts.h"
#include "server/auth/crypto.h"
#include "server/auth/devices.h"
#include "server/auth/jwt.h"
#include "server/auth/password_verifier.h"
#include "server/auth/sign_in_throttle.h"

#include <boost/json.hpp>

#include <ctime>

namespace yarrow::server {
namespace {

constexpr std::size_t kMaxJti = 256;
constexpr std::size_t kRefreshBytes = 32;

tl::unexpected<Problem> suspended()
{
    return refuse(403, "clinic-suspended", "This clinic is suspended.");
}

/// The row of a refresh token that was just made.
std::string insertRefreshToken(db::Transaction& transaction, std::string_view account,
                               const std::string& family, std::int64_t life)
{
    const std::string token =
        transaction.tenant().text() + '.' + crypto::toBase64Url(crypto::randomBytes(kRefreshBytes));
    transaction.run("INSERT INTO refresh_token (tenant_id, token_hash, family, account_id, expires_at) "
                    "VALUES ($1, decode($2, 'hex'), $3::uuid, $4, now() + $5::bigint * interval '1 second')",
                    transaction.tenant(), crypto::toHex(crypto::sha256(token)), family, account, life);
    return token;
}

audit::Event signInEvent(std::string action, const std::optional<Account>& account)
{
    audit::Event event{std::move(action), "authentication"};
    if (account) {
        event.account = account->id;
        event.role = roleCode(account->role);
    }
    return event;
}

/// The name that was typed is not kept: it may be a password.
void noteFailedSignIn(db::Connection& connection, const TenantId& tenant,
                      const std::optional<Account>& account)
{
    audit::Event event = signInEvent("sign-in-failed", account);
    event.outcome = "4";
    db::Transaction transaction(connection, tenant);
    audit::append(transaction, event);
    transaction.commit();
}

tl::unexpected<Problem> signInFailed()
{
    return refuse(401, "sign-in-failed", "The user name or the password is wrong.");
}

/// The refresh token of a sign-in by the password that `proven` had. The account is read again and held: who
/// changed the password or disabled the account while the password was computed has ended this sign-in too.
Result<std::string> beginFamily(db::Connection& connection, const TenantId& tenant, const Account& proven,
                                std::int64_t life)
{
    db::Transaction transaction(connection, tenant);
    const auto account = lockAccount(transaction, proven.id);
    if (isSuspended(transaction))
        return suspended();
    const auto refused = [&](std::string action) {
        audit::Event event = signInEvent(std::move(action), account);
        event.outcome = "4";
        audit::append(transaction, event);
        transaction.commit();
    };
    if (!account || account->verifierVersion != proven.verifierVersion) {
        refused("sign-in-failed");
        return signInFailed();
    }
    if (!account->active) {
        refused("sign-in-refused");
        return refuse(403, "account-disabled", "This account is disabled.");
    }
    std::string token = insertRefreshToken(transaction, account->id, crypto::randomUuid(), life);
    audit::append(transaction, signInEvent("sign-in", account));
    transaction.commit();
    return token;
}

} // namespace

std::int64_t systemSeconds()
{
    return std::time(nullptr);
}

Result<std::string> TokenService::accessToken(db::Connection& connection, const TenantId& tenant,
                                              std::string_view kind, std::string_view subject)
{
    const auto signer = m_keys.signer(connection);
    if (!signer)
        return tl::unexpected(signer.error());
    const std::int64_t now = m_now();
    return Jwt::sign({{"iss", m_issuer},
                      {"aud", kAccessAudience},
                      {"sub", subject},
                      {"tenant", tenant.text()},
                      {"kind", kind},
                      {"jti", crypto::randomUuid()},
                      {"iat", now},
                      {"exp", now + kAccessLife}},
                     signer->kid, signer->key);
}

Result<IssuedTokens> TokenService::forAssertion(db::Connection& connection, std::string_view assertion,
                                                std::string_view audience)
{
    const auto invalid = [](std::string why) { return refuse(401, "assertion-invalid", std::move(why)); };
    const auto jwt = Jwt::parse(assertion);
    if (!jwt)
        return invalid("The assertion is no JWT signed with ES256.");
    const auto client = ClientId::parse(jwt->text("sub"));
    if (!client || jwt->text("iss") != jwt->text("sub"))
        return invalid("The assertion's iss and sub must both be the client id.");

    {
        db::Transaction transaction(connection, client->tenant);
        const auto device = findDevice(transaction, client->device);
        // Whether a device exists is told to nobody who is not it.
        const bool fits =
            device &&
            (jwt->kid().empty() || jwt->kid() == device->keyId || jwt->kid() == device->key.thumbprint()) &&
            jwt->isSignedBy(device->key);
        if (!fits)
            return invalid("The assertion is not signed by a device that is enrolled here.");
        if (!jwt->isFor(audience))
            return invalid("The assertion's aud must be the token endpoint, " + std::string(audience) + ".");
        const std::int64_t now = m_now();
        const auto expires = jwt->seconds("exp");
        if (!expires)
            return invalid("The assertion has no exp.");
        if (*expires <= now - kClockLeeway)
            return refuse(401, "assertion-expired",
                          "The assertion has expired. Is the device's clock right?");
        if (*expires > now + kLongestAssertion + kClockLeeway)
            return invalid(
                "The assertion's exp is more than five minutes ahead. Is the device's clock right?");
        for (const std::string_view claim : {"nbf", "iat"}) {
            const auto time = jwt->seconds(claim);
            if (jwt->has(claim) && (!time || *time > now + kClockLeeway))
                return invalid("The assertion is not valid yet. Is the device's clock right?");
        }
        const std::string_view jti = jwt->text("jti");
        if (jti.empty() || jti.size() > kMaxJti)
            return invalid("The assertion has no jti, or one longer than 256 bytes.");
        if (device->isRevoked)
            return tl::unexpected(revokedProblem(device->wipe));
        if (isSuspended(transaction))
            return suspended();
        const auto redeemed = transaction.run(
            "INSERT INTO assertion_seen (tenant_id, device_id, jti_hash, expires_at) "
            "VALUES ($1, $2, decode($3, 'hex'), to_timestamp($4::bigint)) ON CONFLICT DO NOTHING RETURNING 1",
            transaction.tenant(), client->device, crypto::toHex(crypto::sha256(jti)),
            *expires + kClockLeeway);
        if (redeemed.empty())
            return refuse(401, "assertion-used", "The assertion's jti was used before.");
        transaction.run("UPDATE device SET last_seen_at = now() WHERE tenant_id = $1 AND device_id = $2",
                        transaction.tenant(), client->device);
        transaction.commit();
    }

    auto token = accessToken(connection, client->tenant, "device", client->device);
    if (!token)
        return tl::unexpected(token.error());
    return IssuedTokens{std::move(*token), kAccessLife, {}, "system/*.cruds"};
}

Result<IssuedTokens> TokenService::forPassword(db::Connection& connection, std::string_view userName,
                                               std::string_view password)
{
    const auto place = ScryptPlace::take();
    if (!place)
        return tl::unexpected(place.error());
    // The attempt counts before it is known how it ends: many at once are counted as many.
    if (auto admitted = admitSignIn(connection, userName); !admitted)
        return tl::unexpected(admitted.error());

    const std::size_t at = userName.rfind('@');
    const std::string_view user = userName.substr(0, at);
    const TenantId tenant =
        at == std::string_view::npos ? TenantId() : findTenant(connection, userName.substr(at + 1));
    std::optional<Account> account;
    if (!tenant.empty()) {
        db::Transaction transaction(connection, tenant);
        account = findAccountByName(transaction, user);
    }
    // No transaction is held while this computes; who does not exist costs the same.
    const PasswordVerifier verifier =
        account && account->verifier ? *account->verifier : PasswordVerifier::impossible();
    if (!verifier.fits(password, *place)) {
        if (!tenant.empty())
            noteFailedSignIn(connection, tenant, account);
        return signInFailed();
    }
    forgetFailures(connection, userName);

    auto token = accessToken(connection, tenant, "person", account->id);
    if (!token)
        return tl::unexpected(token.error());
    auto refreshToken = beginFamily(connection, tenant, *account, kRefreshLife);
    if (!refreshToken)
        return tl::unexpected(refreshToken.error());
    return IssuedTokens{std::move(*token), kAccessLife, std::move(*refreshToken), "user/*.cruds"};
}

Result<IssuedTokens> TokenService::forRefreshToken(db::Connection& connection, std::string_view refreshToken)
{
    const auto invalid = [] {
        return refuse(400, "refresh-token-invalid",
                      "The refresh token is unknown or has expired. Sign in again.");
    };
    const auto tenant = TenantId::parse(refreshToken.substr(0, refreshToken.find('.')));
    if (!tenant)
        return invalid();

    std::string next;
    std::string accountId;
    {
        db::Transaction transaction(connection, *tenant);
        const std::string hash = crypto::toHex(crypto::sha256(refreshToken));
        const auto owners = transaction.run("SELECT account_id FROM refresh_token "
                                            "WHERE tenant_id = $1 AND token_hash = decode($2, 'hex')",
                                            *tenant, hash);
        if (owners.empty())
            return invalid();
        accountId = owners[0][0].as<std::string>();
        // Held before the token is looked at, so that no token is made behind the back of who changes the
        // password or disables the account: that one's deletion of tokens comes wholly before or after this.
        const auto account = lockAccount(transaction, accountId);
        const auto rows = transaction.run(
            "SELECT family, used_at IS NOT NULL, extract(epoch FROM expires_at - now())::bigint "
            "FROM refresh_token WHERE tenant_id = $1 AND token_hash = decode($2, 'hex') FOR UPDATE",
            *tenant, hash);
        if (!account || rows.empty())
            return invalid();
        const auto family = rows[0][0].as<std::string>();
        if (rows[0][1].as<bool>()) {
            transaction.run("DELETE FROM refresh_token WHERE tenant_id = $1 AND family = $2::uuid", *tenant,
                            family);
            audit::Event event = signInEvent("refresh-token-reused", account);
            event.outcome = "8";
            audit::append(transaction, event);
            transaction.commit();
            return refuse(400, "refresh-token-reused",
                          "The refresh token was used before, so this sign-in has ended. Sign in again.");
        }
        const auto left = rows[0][2].as<std::int64_t>();
        if (left <= 0)
            return invalid();
        if (!account->active)
            return refuse(403, "account-disabled", "This account is disabled.");
        if (isSuspended(transaction))
            return suspended();
        transaction.run("UPDATE refresh_token SET used_at = now() "
                        "WHERE tenant_id = $1 AND token_hash = decode($2, 'hex')",
                        *tenant, hash);
        next = insertRefreshToken(transaction, accountId, family, left);
        transaction.commit();
    }
    auto token = accessToken(connection, *tenant, "person", accountId);
    if (!token)
        return tl::unexpected(token.error());
    return IssuedTokens{std::move(*token), kAccessLife, std::move(next), "user/*.cruds"};
}

} // namespace yarrow::server
