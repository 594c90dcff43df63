// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/ec_key.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yarrow::server {

/// A JWT in the compact form of RFC 7515, signed with ES256. Another algorithm is never looked at: the header
/// is read before any key, and must say ES256.
///
/// Through OpenSSL and not libjwt: its 1.x lets the token's header choose the algorithm, and so takes an
/// HS256 token that was signed with our public key; 1.10 cannot choose a key by `kid`; and each call parses
/// the key's PEM anew, which makes it seven times slower.
class Jwt
{
public:
    /// Nothing when it is no such token. The signature is still unchecked: only `kid` and `text("iss")` may
    /// be used to find the key.
    [[nodiscard]] static std::optional<Jwt> parse(std::string_view token);

    [[nodiscard]] static std::string sign(const boost::json::object& claims, std::string_view kid,
                                          const EcPrivateKey& key);

    [[nodiscard]] bool isSignedBy(const EcPublicKey& key) const { return key.verify(m_signed, m_signature); }

    [[nodiscard]] const std::string& kid() const noexcept { return m_kid; } ///< empty when there is none
    /// A claim's text; empty when it is missing or no text.
    [[nodiscard]] std::string_view text(std::string_view claim) const;
    /// exp, nbf, iat: whole seconds since 1970; nothing when missing or no number.
    [[nodiscard]] std::optional<std::int64_t> seconds(std::string_view claim) const;
    [[nodiscard]] bool has(std::string_view claim) const { return m_claims.contains(claim); }
    /// `aud` is it, or is an array that holds it.
    [[nodiscard]] bool isFor(std::string_view audience) const;

private:
    std::string m_kid;
    boost::json::object m_claims;
    std::string m_signed; // header and payload as they came
    std::string m_signature;
};

} // namespace yarrow::server
