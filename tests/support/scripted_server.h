// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/test_certificates.h"

#include <QtGlobal>

#include <arpa/inet.h>
#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace yarrow::testing {

/// One connection as its server sees it.
class Peer
{
public:
    explicit Peer(int socket)
        : m_socket(socket)
    {}

    /// From here on through TLS. False when the client does not want to.
    bool startTls(SSL_CTX* context)
    {
        m_session.reset(SSL_new(context));
        SSL_set_fd(m_session.get(), m_socket);
        return SSL_accept(m_session.get()) == 1;
    }

    /// The next request, head and body; empty when the client has gone.
    std::string request()
    {
        for (;;) {
            const std::size_t head = m_received.find("\r\n\r\n");
            if (head != std::string::npos) {
                const std::size_t size = head + 4 + bodySize(m_received.substr(0, head + 2));
                if (m_received.size() >= size) {
                    std::string whole = m_received.substr(0, size);
                    m_received.erase(0, size);
                    return whole;
                }
            }
            if (!receive())
                return {};
        }
    }

    void write(const std::string& text)
    {
        if (m_session)
            SSL_write(m_session.get(), text.data(), static_cast<int>(text.size()));
        else
            static_cast<void>(::send(m_socket, text.data(), text.size(), MSG_NOSIGNAL));
    }

    void answer(const std::string& body, const std::string& headers = {},
                const std::string& status = "200 OK")
    {
        write("HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) +
              "\r\n\r\n" + body);
    }

    /// Until the client closes the connection.
    void waitForTheEnd()
    {
        while (receive()) {
        }
    }

private:
    static std::size_t bodySize(std::string head)
    {
        std::transform(head.begin(), head.end(), head.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        const std::size_t at = head.find("\r\ncontent-length:");
        return at == std::string::npos ? 0 : std::stoul(head.substr(at + 17));
    }

    bool receive()
    {
        char bytes[16384];
        const auto size = m_session ? static_cast<ssize_t>(SSL_read(m_session.get(), bytes, sizeof bytes))
                                    : ::recv(m_socket, bytes, sizeof bytes, 0);
        if (size <= 0)
            return false;
        m_received.append(bytes, static_cast<std::size_t>(size));
        return true;
    }

    int m_socket;
    OpenSsl<SSL> m_session;
    std::string m_received;
};

/// A server on a loopback port that does with each connection, on a thread of its own, what a test says; then
/// the connection is closed.
class ScriptedServer
{
public:
    using Script = std::function<void(Peer&)>;

    explicit ScriptedServer(Script script)
        : m_script(std::move(script))
        , m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(m_listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
            ::listen(m_listener, 16) != 0 ||
            ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            qFatal("no port");
        m_port = ntohs(address.sin_port);
        m_acceptor = std::thread([this] { accept(); });
    }

    ~ScriptedServer()
    {
        ::shutdown(m_listener, SHUT_RDWR);
        m_acceptor.join();
        ::close(m_listener);
        {
            const std::lock_guard lock(m_mutex);
            for (const int open : m_open)
                ::shutdown(open, SHUT_RDWR);
        }
        for (std::thread& serving : m_serving)
            serving.join();
    }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    [[nodiscard]] int port() const noexcept { return m_port; }
    [[nodiscard]] std::string url(const std::string& scheme = "http",
                                  const std::string& host = "127.0.0.1") const
    {
        return scheme + "://" + host + ":" + std::to_string(m_port);
    }
    [[nodiscard]] int connections() const noexcept { return m_connections; }

private:
    void accept()
    {
        // A client that has gone is no reason to end; the client's own threads must see to that themselves.
        sigset_t pipe;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
        for (;;) {
            const int socket = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0)
                return;
            ++m_connections;
            const std::lock_guard lock(m_mutex);
            m_open.push_back(socket);
            m_serving.emplace_back([this, socket] {
                {
                    Peer peer(socket);
                    m_script(peer);
                }
                const std::lock_guard closing(m_mutex);
                m_open.erase(std::find(m_open.begin(), m_open.end(), socket));
                ::close(socket);
            });
        }
    }

    Script m_script;
    int m_listener;
    int m_port = 0;
    std::atomic_int m_connections = 0;
    std::mutex m_mutex;
    std::vector<int> m_open;
    std::vector<std::thread> m_serving; // of the acceptor; joined after it
    std::thread m_acceptor;
};

} // namespace yarrow::testing
