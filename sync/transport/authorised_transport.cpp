// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/transport/authorised_transport.h"

namespace yarrow::sync {

tl::unexpected<TransportError> AuthorisedTransport::refuse(Refusal refusal)
{
    TransportError error{TransportError::Reason::Unauthorised, false, refusal.code};
    if (!refusal.detail.empty())
        error.detail += ": " + refusal.detail;
    m_refusal = std::move(refusal);
    return tl::unexpected(std::move(error));
}

tl::expected<HttpResponse, TransportError> AuthorisedTransport::send(const HttpRequest& request)
{
    m_refusal.reset();
    for (bool isRenewed = false;; isRenewed = true) {
        auto token = m_tokens.token();
        if (!token) {
            if (auto* busy = std::get_if<HttpResponse>(&token.error()))
                return std::move(*busy);
            m_refusal = m_tokens.refusal();
            return tl::unexpected(std::move(std::get<TransportError>(token.error())));
        }
        HttpRequest authorised = request;
        if (!token->empty())
            authorised.headers.add("Authorization", "Bearer " + *token);
        auto response = m_transport.send(authorised);
        if (!response)
            return response;
        if (response->status == 401) {
            if (!isRenewed && m_tokens.renew())
                continue;
            return refuse({"token-refused", "The server does not accept the token.", false});
        }
        const std::string_view state = response->headers.find("Yarrow-Device-State");
        if (response->status == 403 && !state.empty())
            return refuse({"device-revoked", "This device was revoked.", state == "wipe"});
        return response;
    }
}

} // namespace yarrow::sync
