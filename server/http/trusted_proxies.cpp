// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/trusted_proxies.h"

#include "server/http/field_text.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace yarrow::server {
namespace {

using Bytes = std::array<std::uint8_t, 16>;
constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

std::optional<Bytes> bytesOf(std::string_view address)
{
    const std::string text(address);
    Bytes bytes{};
    if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1)
        return bytes;
    std::copy(kMapped.begin(), kMapped.end(), bytes.begin());
    if (inet_pton(AF_INET, text.c_str(), bytes.data() + kMapped.size()) == 1)
        return bytes;
    return std::nullopt;
}

bool isMapped(const Bytes& bytes)
{
    return std::equal(kMapped.begin(), kMapped.end(), bytes.begin());
}

std::string textOf(const Bytes& bytes)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (isMapped(bytes))
        inet_ntop(AF_INET, bytes.data() + kMapped.size(), text.data(), text.size());
    else
        inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
    return text.data();
}

} // namespace

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& networks)
{
    TrustedProxies proxies;
    for (const std::string& text : networks) {
        const auto bad = [&text] {
            return refuse(422, "bad-address", "\"" + text + "\" is no address or network.");
        };
        const std::size_t slash = text.find('/');
        const auto address = bytesOf(std::string_view(text).substr(0, slash));
        if (!address)
            return bad();
        const int most = isMapped(*address) && text.find(':') == std::string::npos ? 32 : 128;
        int bits = most;
        if (slash != std::string::npos) {
            const char* from = text.data() + slash + 1;
            const char* to = text.data() + text.size();
            const auto [end, error] = std::from_chars(from, to, bits);
            if (error != std::errc() || end != to || bits < 0 || bits > most)
                return bad();
        }
        proxies.m_networks.push_back({*address, bits + 128 - most});
    }
    return proxies;
}

bool TrustedProxies::contains(std::string_view address) const
{
    if (m_networks.empty())
        return false;
    const auto bytes = bytesOf(address);
    if (!bytes)
        return false;
    return std::any_of(m_networks.begin(), m_networks.end(), [&](const Network& network) {
        for (int bit = 0; bit < network.bits; ++bit) {
            const auto byte = static_cast<std::size_t>(bit / 8);
            const unsigned mask = 0x80U >> static_cast<unsigned>(bit % 8);
            if (((*bytes)[byte] & mask) != (network.address[byte] & mask))
                return false;
        }
        return true;
    });
}

Caller callerOf(const TrustedProxies& proxies, std::string_view peerAddress, bool tls, const Headers& headers)
{
    Caller caller;
    const auto peer = bytesOf(peerAddress);
    caller.address = peer ? textOf(*peer) : std::string(peerAddress);
    caller.secure = tls;
    caller.host = headers.find("Host");
    if (!proxies.contains(caller.address))
        return caller;

    caller.direct = false;
    std::vector<std::string> chain;
    for (const auto& [name, value] : headers.fields()) {
        if (!sameText(name, "X-Forwarded-For"))
            continue;
        std::string_view list = value;
        while (!list.empty())
            chain.emplace_back(nextListItem(list));
    }
    for (auto hop = chain.rbegin(); hop != chain.rend(); ++hop) {
        const auto address = bytesOf(*hop);
        if (!address)
            break; // nothing left of what is no address can be believed
        caller.address = textOf(*address);
        if (!proxies.contains(caller.address))
            break;
    }
    if (const std::string_view scheme = headers.find("X-Forwarded-Proto"); !scheme.empty())
        caller.secure = sameText(scheme, "https");
    if (const std::string_view host = headers.find("X-Forwarded-Host"); !host.empty())
        caller.host = host;
    return caller;
}

bool isHost(std::string_view text) noexcept
{
    if (text.empty() || text.size() > 255 + 6)
        return false;
    const auto letter = [](char c) { return lowerAscii(c) >= 'a' && lowerAscii(c) <= 'z'; };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.front() == '[') {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos || !bytesOf(text.substr(1, end - 1)))
            return false;
        text.remove_prefix(end + 1);
    } else {
        const std::string_view name = text.substr(0, text.find(':'));
        if (name.empty() || !std::all_of(name.begin(), name.end(), [&](char c) {
                return letter(c) || digit(c) || c == '-' || c == '.' || c == '_';
            }))
            return false;
        text.remove_prefix(name.size());
    }
    if (text.empty())
        return true;
    return text.front() == ':' && text.size() <= 6 && std::all_of(text.begin() + 1, text.end(), digit);
}

} // namespace yarrow::server
