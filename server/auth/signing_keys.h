// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/ec_key.h"
#include "server/auth/key_provider.h"
#include "server/db/connection.h"

#include <boost/json/object.hpp>

#include <chrono>
#include <map>
#include <mutex>
#include <string>

namespace yarrow::server {

/// The keys that access tokens are signed with. Made when the first is needed; a new one follows when the
/// newest is 90 days old. Older ones verify until the last token they signed has expired. Several server
/// processes share them through the database and learn of each other's within a minute, or when a token names
/// a key they do not know. Called from every worker thread.
class SigningKeys
{
public:
    static constexpr std::chrono::hours kSignsFor{90 * 24};
    static constexpr std::chrono::hours kVerifiesFor{91 * 24}; ///< a day longer than the last token lives

    explicit SigningKeys(const KeyProvider& provider)
        : m_provider(provider)
    {}

    struct Signer
    {
        std::string kid;
        EcPrivateKey key;
    };
    [[nodiscard]] Result<Signer> signer(db::Connection& connection);
    [[nodiscard]] Result<std::optional<EcPublicKey>> verifier(db::Connection& connection,
                                                              const std::string& kid);
    [[nodiscard]] Result<boost::json::object> jwks(db::Connection& connection); ///< RFC 7517

private:
    using Clock = std::chrono::system_clock;
    struct Key
    {
        EcPublicKey key;
        Clock::time_point createdAt;
        std::string wrapped;
    };

    void load(db::Connection& connection);
    [[nodiscard]] bool newestSigns(Clock::time_point now) const;
    [[nodiscard]] Result<void> makeKey(db::Connection& connection);

    const KeyProvider& m_provider;
    std::mutex m_mutex; // of all below
    std::map<std::string, Key> m_keys;
    std::string m_newest;
    std::optional<Signer> m_signer;
    std::chrono::steady_clock::time_point m_loadedAt;
    bool m_isLoaded = false;
};

} // namespace yarrow::server
