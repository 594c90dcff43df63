// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/message.h"
#include "server/http/trusted_proxies.h"
#include "server/problem.h"

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include <string>

namespace yarrow::server {

/// What is known of a connection before it speaks.
struct Peer
{
    std::string address;
    bool tls = false;
    const TrustedProxies* proxies = nullptr;
    const std::string* publicUrl =
        nullptr; ///< stands for what the caller says our name is; empty: believe the caller
};

/// Everything of a request but its body. Always gives `request` an id, so that a refusal can name it.
/// Refused: 400 `bad-request` (target, Host), 501 `unsupported-transfer-encoding`, 417
/// `unsupported-expectation`.
[[nodiscard]] Result<void> readHead(const boost::beast::http::request_header<>& head, const Peer& peer,
                                    Request& request);

} // namespace yarrow::server
