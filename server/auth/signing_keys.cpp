// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/signing_keys.h"

#include "server/auth/crypto.h"

#include <boost/json.hpp>

namespace yarrow::server {
namespace {

constexpr std::chrono::seconds kReloadAfter{60};
// A token may name a key that was made a moment ago by another process; asking more often would let anyone
// make us read the database per request.
constexpr std::chrono::seconds kReloadForUnknown{2};

KeyContext context()
{
    return {{}, "signing-key"};
}

} // namespace

void SigningKeys::load(db::Connection& connection)
{
    db::Transaction transaction(connection, TenantId());
    const auto rows =
        transaction.run("SELECT kid, public_key, private_key, extract(epoch FROM created_at)::bigint "
                        "FROM signing_key WHERE created_at > now() - $1::bigint * interval '1 hour' "
                        "ORDER BY created_at, kid",
                        static_cast<std::int64_t>(kVerifiesFor.count()));
    std::map<std::string, Key> keys;
    std::string newest;
    for (const auto& row : rows) {
        const auto kid = row[0].as<std::string>();
        auto key = EcPublicKey::fromJwk(boost::json::parse(row[1].as<std::string>()).as_object());
        if (!key)
            continue;
        keys.emplace(kid,
                     Key{std::move(*key), Clock::time_point(std::chrono::seconds(row[3].as<std::int64_t>())),
                         row[2].as<std::string>()});
        newest = kid;
    }
    m_keys = std::move(keys);
    if (newest != m_newest)
        m_signer.reset();
    m_newest = newest;
    m_loadedAt = std::chrono::steady_clock::now();
    m_isLoaded = true;
}

bool SigningKeys::newestSigns(Clock::time_point now) const
{
    return !m_newest.empty() && now - m_keys.at(m_newest).createdAt < kSignsFor;
}

Result<void> SigningKeys::makeKey(db::Connection& connection)
{
    const EcPrivateKey key = EcPrivateKey::generate();
    std::string der = key.toDer();
    const auto wrapped = m_provider.wrap(der, context());
    crypto::wipe(der);
    if (!wrapped)
        return tl::unexpected(wrapped.error());
    db::Transaction transaction(connection, TenantId());
    // Two processes must not make one each; whoever comes second finds the first one's.
    transaction.run("SELECT pg_advisory_xact_lock(hashtext('yarrow.signing_key'))");
    transaction.run(
        "INSERT INTO signing_key (kid, public_key, private_key) SELECT $1, $2::jsonb, $3 WHERE NOT EXISTS "
        "(SELECT 1 FROM signing_key WHERE created_at > now() - $4::bigint * interval '1 hour')",
        key.publicKey().thumbprint(), boost::json::serialize(key.publicKey().toJwk()), *wrapped,
        static_cast<std::int64_t>(kSignsFor.count()));
    transaction.commit();
    return {};
}

Result<SigningKeys::Signer> SigningKeys::signer(db::Connection& connection)
{
    const std::lock_guard lock(m_mutex);
    if (!m_isLoaded || std::chrono::steady_clock::now() - m_loadedAt > kReloadAfter)
        load(connection);
    if (!newestSigns(Clock::now())) {
        if (auto made = makeKey(connection); !made)
            return tl::unexpected(made.error());
        load(connection);
    }
    if (!m_signer) {
        auto der = m_provider.unwrap(m_keys.at(m_newest).wrapped, context());
        if (!der)
            return tl::unexpected(der.error());
        auto key = EcPrivateKey::fromDer(*der);
        crypto::wipe(*der);
        if (!key)
            return refuse(500, "secret-unreadable", "The signing key in the database is damaged.");
        m_signer = Signer{m_newest, std::move(*key)};
    }
    return *m_signer;
}

Result<std::optional<EcPublicKey>> SigningKeys::verifier(db::Connection& connection, const std::string& kid)
{
    const std::lock_guard lock(m_mutex);
    const auto age = std::chrono::steady_clock::now() - m_loadedAt;
    if (!m_isLoaded || age > kReloadAfter || (!m_keys.contains(kid) && age > kReloadForUnknown))
        load(connection);
    std::optional<EcPublicKey> result;
    if (const auto found = m_keys.find(kid); found != m_keys.end())
        result = found->second.key;
    return result;
}

Result<boost::json::object> SigningKeys::jwks(db::Connection& connection)
{
    const auto current = signer(connection); // so that there is one
    if (!current)
        return tl::unexpected(current.error());
    const std::lock_guard lock(m_mutex);
    boost::json::array keys;
    for (const auto& [kid, key] : m_keys) {
        boost::json::object jwk = key.key.toJwk();
        jwk["kid"] = kid;
        jwk["use"] = "sig";
        jwk["alg"] = "ES256";
        keys.push_back(std::move(jwk));
    }
    return boost::json::object{{"keys", std::move(keys)}};
}

} // namespace yarrow::server
