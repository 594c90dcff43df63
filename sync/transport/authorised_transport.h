// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/transport/token_source.h"
#include "sync/transport/transport.h"

namespace yarrow::sync {

/// Sends every request with a token. A 401 is answered once with a new token and the same request again: the
/// server has said that it did nothing. After that, and when the server says that this workstation was
/// revoked, the request ends as Unauthorised. A server too busy to give a token has its answer (429, 5xx)
/// handed on as that to the request.
class AuthorisedTransport final : public Transport
{
public:
    /// Both outlive this.
    AuthorisedTransport(Transport& transport, TokenSource& tokens)
        : m_transport(transport)
        , m_tokens(tokens)
    {}

    [[nodiscard]] tl::expected<HttpResponse, TransportError> send(const HttpRequest& request) override;
    [[nodiscard]] bool canOverlap() const noexcept override { return m_transport.canOverlap(); }
    [[nodiscard]] Traffic traffic() const override { return m_transport.traffic(); }

    /// Why the last request ended as Unauthorised; nothing when it did not.
    [[nodiscard]] const std::optional<Refusal>& refusal() const noexcept { return m_refusal; }

private:
    [[nodiscard]] tl::unexpected<TransportError> refuse(Refusal refusal);

    Transport& m_transport;
    TokenSource& m_tokens;
    std::optional<Refusal> m_refusal;
};

} // namespace yarrow::sync
