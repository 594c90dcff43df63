// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/problem.h"

#include <boost/json/object.hpp>
#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace yarrow::server {

/// Shared, since OpenSSL counts what refers to a key and never changes one.
using EvpKey = std::shared_ptr<EVP_PKEY>;

/// A public key on the curve P-256, for ES256 and nothing else.
class EcPublicKey
{
public:
    /// Of a JWK: kty EC, crv P-256, x and y on the curve. 400 `bad-request` naming the member below
    /// `pointer`; a private key is refused as well.
    [[nodiscard]] static Result<EcPublicKey> fromJwk(const boost::json::object& jwk,
                                                     const std::string& pointer = {});
    explicit EcPublicKey(EvpKey key);

    [[nodiscard]] boost::json::object toJwk() const; ///< kty, crv, x, y
    [[nodiscard]] std::string thumbprint() const;    ///< RFC 7638 with SHA-256, base64url
    /// `signature` is r ‖ s, 64 bytes (RFC 7518, section 3.4).
    [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const;

private:
    EvpKey m_key;
};

class EcPrivateKey
{
public:
    [[nodiscard]] static EcPrivateKey generate();
    [[nodiscard]] static std::optional<EcPrivateKey> fromDer(std::string_view pkcs8);

    [[nodiscard]] std::string toDer() const; ///< PKCS #8; the caller wipes it
    [[nodiscard]] EcPublicKey publicKey() const { return EcPublicKey(m_key); }
    [[nodiscard]] std::string sign(std::string_view message) const; ///< r ‖ s, 64 bytes

private:
    explicit EcPrivateKey(EvpKey key)
        : m_key(std::move(key))
    {}
    EvpKey m_key;
};

} // namespace yarrow::server
