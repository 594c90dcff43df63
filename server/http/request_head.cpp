// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/request_head.h"

#include "server/http/field_text.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <stdexcept>

namespace yarrow::server {
namespace {

std::string hex(std::uint64_t number)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text(16, '0');
    for (auto c = text.rbegin(); c != text.rend(); ++c, number >>= 4U)
        *c = kDigits[number & 0x0FU];
    return text;
}

// Unique among all processes: a random start of this one, and its count.
std::string newRequestId()
{
    static const std::string process = [] {
        std::array<unsigned char, 8> bytes{};
        if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
            throw std::runtime_error("no random numbers");
        std::uint64_t number = 0;
        for (const unsigned char byte : bytes)
            number = number << 8U | byte;
        return hex(number);
    }();
    static std::atomic<std::uint64_t> count{0};
    return process + "-" + hex(++count).substr(6);
}

bool isRequestId(std::string_view text) noexcept
{
    constexpr std::size_t kShortest = 8;
    constexpr std::size_t kLongest = 64;
    return text.size() >= kShortest && text.size() <= kLongest &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (lowerAscii(c) >= 'a' && lowerAscii(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '_' || c == '.';
           });
}

tl::unexpected<Problem> bad(const char* detail)
{
    return refuse(400, "bad-request", detail);
}

} // namespace

Result<void> readHead(const boost::beast::http::request_header<>& head, const Peer& peer, Request& request)
{
    namespace http = boost::beast::http;
    request.method = std::string(head.method_string());
    int hosts = 0;
    for (const auto& field : head) {
        hosts += field.name() == http::field::host ? 1 : 0;
        request.headers.add(std::string(field.name_string()), std::string(field.value()));
    }
    const std::string_view wanted = request.headers.find("X-Request-Id");
    request.id = isRequestId(wanted) ? std::string(wanted) : newRequestId();

    const Caller caller = callerOf(*peer.proxies, peer.address, peer.tls, request.headers);
    request.address = caller.address;
    request.direct = caller.direct;
    request.baseUrl =
        peer.publicUrl->empty() ? (caller.secure ? "https://" : "http://") + caller.host : *peer.publicUrl;

    std::string_view target(head.target().data(), head.target().size());
    if (target.empty() || target.front() != '/') {
        // The absolute form, as proxies send it: the authority says no more than Host.
        const std::size_t scheme = target.find("://");
        if (scheme == std::string_view::npos)
            return bad("The request's target is no path.");
        target.remove_prefix(scheme + 3);
        target.remove_prefix(std::min(target.size(), target.find('/')));
        if (target.empty())
            target = "/";
    }
    target = target.substr(0, target.find('#'));
    const std::size_t question = target.find('?');
    auto path = percentDecode(target.substr(0, question));
    if (!path)
        return bad("The request's path is not percent-encoded as it must be.");
    if (std::any_of(path->begin(), path->end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
        return bad("The request's path has control characters.");
    request.path = std::move(*path);
    if (question != std::string_view::npos)
        request.query = target.substr(question + 1);

    if (hosts > 1 || (hosts == 0 && head.version() >= 11))
        return bad("A request names its Host once.");
    if (!caller.host.empty() && !isHost(caller.host))
        return bad("The request's Host is no host.");
    if (const auto coding = request.headers.find("Transfer-Encoding");
        !coding.empty() && !sameText(coding, "chunked"))
        return refuse(501, "unsupported-transfer-encoding",
                      "The only Transfer-Encoding understood is chunked.");
    if (const auto expect = request.headers.find("Expect");
        !expect.empty() && !sameText(expect, "100-continue"))
        return refuse(417, "unsupported-expectation", "The only expectation understood is 100-continue.");
    return {};
}

} // namespace yarrow::server
