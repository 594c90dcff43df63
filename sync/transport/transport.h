// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yarrow::sync {

enum class Method { Get, Put, Post, Delete };

[[nodiscard]] const char* methodName(Method method) noexcept; ///< "GET"

/// Header fields in order; names compare without regard to case.
class Headers
{
public:
    void add(std::string name, std::string value)
    {
        m_fields.emplace_back(std::move(name), std::move(value));
    }
    /// The first field of that name; "" when there is none.
    [[nodiscard]] std::string_view find(std::string_view name) const noexcept;
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& fields() const noexcept
    {
        return m_fields;
    }

private:
    std::vector<std::pair<std::string, std::string>> m_fields;
};

struct HttpRequest
{
    Method method = Method::Get;
    /// Below the server's address ("fhir/_history?_count=500"), or a whole address on the same server, as it
    /// comes in a `next` link.
    std::string url;
    Headers headers;
    std::string body;
    std::chrono::seconds timeout{60}; ///< for the whole answer
};

struct HttpResponse
{
    int status = 0;
    Headers headers;
    std::string body; ///< unpacked
};

/// There is no answer.
struct TransportError
{
    enum class Reason {
        Unreachable, ///< no such host, refused, no network
        TimedOut,
        CutOff,       ///< the connection ended before the whole answer was there
        Untrusted,    ///< the certificate was not accepted
        Unauthorised, ///< the server gives this workstation no token any more
        TooLarge,     ///< the answer goes beyond the limit
        Cancelled,
    };
    Reason reason = Reason::Unreachable;
    bool sent = false;  ///< the request may have reached the server, and done what it asks
    std::string detail; ///< for the log and the Sync Centre; no patient data
};

/// Sends a request and waits for the answer. One thread at a time. Never repeats a request by itself once a
/// byte of it may have reached the server: whether that is safe is for the caller to know.
class Transport
{
public:
    virtual ~Transport() = default;
    [[nodiscard]] virtual tl::expected<HttpResponse, TransportError> send(const HttpRequest& request) = 0;
    /// Whether send() may run on another thread while the one that owns the transport goes on with other
    /// things.
    [[nodiscard]] virtual bool canOverlap() const noexcept { return false; }

    /// What went over the wire since it was made; for measurements.
    struct Traffic
    {
        std::int64_t requests = 0;
        std::int64_t bytesSent = 0;     ///< as packed
        std::int64_t bytesReceived = 0; ///< as packed
    };
    [[nodiscard]] virtual Traffic traffic() const = 0;
};

} // namespace yarrow::sync
