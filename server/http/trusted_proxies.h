// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/message.h"
#include "server/problem.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server {

/// The proxies whose X-Forwarded-… fields are believed.
class TrustedProxies
{
public:
    /// Addresses ("10.0.0.7", "::1") and networks ("10.0.0.0/8"). Refused: 422 `bad-address`.
    [[nodiscard]] static Result<TrustedProxies> parse(const std::vector<std::string>& networks);
    [[nodiscard]] bool contains(std::string_view address) const;

private:
    struct Network
    {
        std::array<std::uint8_t, 16> address{}; // IPv4 is mapped into IPv6
        int bits = 0;
    };
    std::vector<Network> m_networks;
};

/// Who really called, and how.
struct Caller
{
    std::string address; ///< normal form; an IPv4 address never as ::ffff:…
    bool direct = true;  ///< no trusted proxy in between
    bool secure = false; ///< TLS all the way to us or to the proxy
    std::string host;    ///< of the URL the caller used, with its port
};

/// From the peer of the connection and, if that is a trusted proxy, from X-Forwarded-For (the right-most
/// address that is no trusted proxy), -Proto and -Host.
[[nodiscard]] Caller callerOf(const TrustedProxies& proxies, std::string_view peerAddress, bool tls,
                              const Headers& headers);

/// Whether the text can be the authority of a URL: a name or address with an optional port, nothing else.
[[nodiscard]] bool isHost(std::string_view text) noexcept;

} // namespace yarrow::server
