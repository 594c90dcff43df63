// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/principal.h"
#include "server/live/notice.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace yarrow::server::live {

/// A subscription bound to a socket.
struct Binding
{
    std::string subscription;
    std::set<std::string> types; ///< empty: all
    std::int64_t endsAt = 0;     ///< microseconds since 1970
    /// A ping is on its way: one says as much as several. Set by the hub, reset by the socket before it
    /// writes.
    std::atomic<bool> pinged{false};
};

/// A WebSocket as the hub sees it. Its functions return at once and may be called from any thread.
class Socket
{
public:
    enum class Farewell { TokenExpired, AccessChanged };

    virtual ~Socket() = default;
    [[nodiscard]] virtual const Principal& caller() const noexcept = 0;
    virtual void ping(std::shared_ptr<Binding> binding) = 0;
    virtual void unbound(std::string subscription) = 0; ///< the hub has let go of it
    virtual void close(Farewell why) = 0;
};

/// The sockets of this process, by clinic, and whom a change concerns. From any thread.
class SocketHub
{
public:
    explicit SocketHub(std::size_t most)
        : m_most(most)
    {}

    [[nodiscard]] bool isFull() const;
    void add(std::shared_ptr<Socket> socket);
    void remove(const Socket& socket);
    /// Instead of the one of the same subscription, if there is one. False: a socket has as many as it may.
    bool bind(const Socket& socket, std::shared_ptr<Binding> binding);

    /// Pings the bindings that the change concerns: of its clinic, its types, and the areas their caller may
    /// read.
    void changed(const records::ChangeNotice& notice, std::int64_t now);
    /// Closes the sockets of a device or person whose rights have shrunk; unbinds a subscription that has
    /// changed.
    void accessChanged(const AccessNotice& notice);
    /// Nobody knows what was missed.
    void pingEverybody();

    [[nodiscard]] std::size_t size() const;

    static constexpr std::size_t kMostBindings = 16; ///< of one socket

private:
    struct Entry
    {
        std::shared_ptr<Socket> socket;
        std::vector<std::shared_ptr<Binding>> bindings;
    };
    using Clinic = std::unordered_map<const Socket*, Entry>;

    const std::size_t m_most;
    mutable std::mutex m_mutex;
    std::map<TenantId, Clinic> m_clinics;
    std::size_t m_size = 0;
};

} // namespace yarrow::server::live
