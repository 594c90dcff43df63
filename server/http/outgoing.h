// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/message.h"

#include <boost/asio/ip/address.hpp>
#include <tl/expected.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace yarrow::server {

/// Where the server may send requests of its own.
struct OutgoingPolicy
{
    bool allowInsecure = false; ///< http besides https
    /// Addresses inside the house besides public ones. Without it nobody can make the server knock at its
    /// neighbours.
    bool allowPrivate = false;
    std::chrono::milliseconds timeout =
        std::chrono::seconds(10); ///< from the look-up of the name to the status line
};

/// Whether `url` may be asked at all, as far as its text tells; otherwise one sentence why not.
[[nodiscard]] std::optional<std::string> refusalOf(std::string_view url, const OutgoingPolicy& policy);

/// False for loopback, private, link-local, shared, multicast, documentation and reserved ranges, for IPv4
/// also when it is wrapped in IPv6 (mapped, NAT64, 6to4).
[[nodiscard]] bool isPublicAddress(const boost::asio::ip::address& address) noexcept;

/// Posts `body` and answers the status; otherwise one sentence why there is none. The addresses that the name
/// stands for are checked, and the connection goes to one of those checked. Certificates are verified against
/// the system's authorities. Redirects are not followed; what the answer holds is not read. Blocks the
/// calling thread.
[[nodiscard]] tl::expected<int, std::string> post(std::string_view url, const Headers& headers,
                                                  const std::string& body, const OutgoingPolicy& policy);

} // namespace yarrow::server
