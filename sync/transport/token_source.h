// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/id.h"
#include "core/secret_bytes.h"
#include "sync/transport/transport.h"

#include <functional>
#include <optional>
#include <string>
#include <variant>

namespace yarrow::sync {

/// What a server said when it gave no token, or did not take one.
struct Refusal
{
    std::string code;   ///< "device-revoked", "clinic-suspended"…; of other servers the word of RFC 6749
    std::string detail; ///< the server's sentence
    bool wipe = false;  ///< a revoked workstation is to delete its copy
    bool operator==(const Refusal&) const = default;

    /// Whether asking again can come to nothing until a person has acted.
    [[nodiscard]] bool isFinal() const { return code == "device-revoked"; }
};

/// Why there is no token: nothing came back, or an answer that says nothing about this workstation (429,
/// 5xx).
using NoToken = std::variant<TransportError, HttpResponse>;

/// What stands behind `Authorization: Bearer`. One thread at a time.
class TokenSource
{
public:
    virtual ~TokenSource() = default;
    /// The one at hand, or a new one; empty: go without.
    [[nodiscard]] virtual tl::expected<std::string, NoToken> token() = 0;
    /// The server did not take the one at hand. False when there is no other to be had.
    [[nodiscard]] virtual bool renew() = 0;
    /// Of the last token that was asked for; nothing when there was one.
    [[nodiscard]] virtual const std::optional<Refusal>& refusal() const noexcept = 0;
};

/// A bearer token that somebody was given, or none.
class StaticToken final : public TokenSource
{
public:
    explicit StaticToken(std::string token)
        : m_token(std::move(token))
    {}
    [[nodiscard]] tl::expected<std::string, NoToken> token() override { return m_token; }
    [[nodiscard]] bool renew() override { return false; }
    [[nodiscard]] const std::optional<Refusal>& refusal() const noexcept override { return m_refusal; }

private:
    std::string m_token;
    std::optional<Refusal> m_refusal;
};

/// Tokens for an enrolled workstation: SMART Backend Services (client_credentials with an assertion that the
/// device's key signed). Kept until shortly before they expire. A clock that is off is made up for by the
/// server's Date.
class DeviceTokenSource final : public TokenSource
{
public:
    /// Where the private key comes from, PKCS #8; asked each time one is needed, so that it is not kept.
    using PrivateKey = std::function<Result<SecretBytes>()>;

    /// `transport` carries no authorisation of its own and leads to the server; `audience` is the whole
    /// address of its token endpoint. All outlive this.
    DeviceTokenSource(Transport& transport, const Clock& clock, IdSource& ids, std::string audience,
                      std::string clientId, PrivateKey privateKey)
        : m_transport(transport)
        , m_clock(clock)
        , m_ids(ids)
        , m_audience(std::move(audience))
        , m_clientId(std::move(clientId))
        , m_privateKey(std::move(privateKey))
    {}

    [[nodiscard]] tl::expected<std::string, NoToken> token() override;
    [[nodiscard]] bool renew() override;
    [[nodiscard]] const std::optional<Refusal>& refusal() const noexcept override { return m_refusal; }

private:
    [[nodiscard]] Result<std::string> assertion();
    [[nodiscard]] tl::expected<HttpResponse, TransportError> ask();
    [[nodiscard]] bool adoptClockOf(const HttpResponse& answer);
    [[nodiscard]] tl::expected<std::string, NoToken> accept(HttpResponse answer);

    Transport& m_transport;
    const Clock& m_clock;
    IdSource& m_ids;
    std::string m_audience;
    std::string m_clientId;
    PrivateKey m_privateKey;

    std::string m_token;
    Instant m_goodUntil{};
    std::chrono::seconds m_ahead{0}; ///< the server's clock before ours
    std::optional<Refusal> m_refusal;
};

} // namespace yarrow::sync
