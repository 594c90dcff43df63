// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/keys/device_secret_store.h"
#include "models/store/sync/server_link.h"
#include "sync/transport/authorised_transport.h"
#include "sync/transport/curl_transport.h"

#include <memory>

namespace yarrow::sync {

/// The way to the server that a workstation is enrolled with: libcurl, and the tokens of its enrolment.
class LinkTransport final : public Transport
{
public:
    /// What the way needs of the machine; all of it outlives the transport.
    struct Machine
    {
        const Clock& clock;
        IdSource& ids;
        DeviceSecretStore* secrets = nullptr; ///< the OS key store; nullptr where there is none
        const std::atomic_bool* cancelled = nullptr;
    };
    /// A bearer token is read from the key store at once (its errors), a device's key when it is needed.
    [[nodiscard]] static Result<std::unique_ptr<LinkTransport>> open(const ServerLink& link,
                                                                     const Machine& machine);

    [[nodiscard]] tl::expected<HttpResponse, TransportError> send(const HttpRequest& request) override
    {
        return m_authorised.send(request);
    }
    [[nodiscard]] bool canOverlap() const noexcept override { return true; }
    [[nodiscard]] Traffic traffic() const override { return m_curl.traffic(); }

    /// Why the last request ended as Unauthorised; nothing when it did not.
    [[nodiscard]] const std::optional<Refusal>& refusal() const noexcept { return m_authorised.refusal(); }
    /// For the WebSocket.
    [[nodiscard]] tl::expected<std::string, NoToken> token() { return m_tokens->token(); }

private:
    LinkTransport(CurlTransport::Options options, const ServerLink& link, const Machine& machine,
                  std::string bearer);

    CurlTransport m_curl;
    std::unique_ptr<TokenSource> m_tokens;
    AuthorisedTransport m_authorised;
};

} // namespace yarrow::sync
