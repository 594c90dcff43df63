// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace yarrow::sync {

/// A proxy between here and a server.
struct Proxy
{
    std::string url; ///< `http://proxy.example:3128`, `socks5h://…`; empty: none is set
    std::string user;
    std::string password;
    bool operator==(const Proxy&) const = default;
};

/// What the system's settings say for that address. May ask the network (proxy auto-configuration), so not on
/// the GUI thread.
[[nodiscard]] Proxy systemProxyFor(const std::string& url);

} // namespace yarrow::sync
