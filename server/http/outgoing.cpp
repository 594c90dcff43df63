// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/outgoing.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <array>
#include <exception>
#include <utility>
#include <vector>

namespace yarrow::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

struct Target
{
    bool secure = true;
    std::string host;
    std::string port;
    std::string hostField;
    std::string path;
};

/// What goes wrong on the way: one sentence, nothing that the other side said.
class Failed : public std::exception
{
public:
    explicit Failed(std::string sentence)
        : m_sentence(std::move(sentence))
    {}
    [[nodiscard]] const char* what() const noexcept override { return m_sentence.c_str(); }

private:
    std::string m_sentence;
};

tl::expected<Target, std::string> targetOf(std::string_view text, const OutgoingPolicy& policy)
{
    const auto parsed = boost::urls::parse_uri(text);
    if (!parsed)
        return tl::unexpected<std::string>("This is no URL.");
    const boost::urls::url_view& url = *parsed;
    Target target;
    target.secure = url.scheme() == "https";
    if (!target.secure && url.scheme() != "http")
        return tl::unexpected<std::string>("The URL has to begin with https://.");
    if (!target.secure && !policy.allowInsecure)
        return tl::unexpected<std::string>(
            "The URL has to begin with https://; this server sends nothing unencrypted.");
    if (url.has_userinfo() || url.has_fragment())
        return tl::unexpected<std::string>("The URL may have neither a user name nor a fragment.");
    target.host = url.host_address();
    if (target.host.empty())
        return tl::unexpected<std::string>("The URL names no host.");
    target.port = url.has_port() && !url.port().empty() ? std::string(url.port())
                  : target.secure                       ? "443"
                                                        : "80";
    if (target.port.size() > 5 || std::stoul(target.port) == 0 || std::stoul(target.port) > 65535)
        return tl::unexpected<std::string>("The URL's port is none.");
    target.hostField = std::string(url.encoded_host());
    if (target.port != (target.secure ? "443" : "80"))
        target.hostField += ':' + target.port;
    target.path = std::string(url.encoded_target());
    if (target.path.empty() || target.path.front() != '/')
        target.path.insert(0, 1, '/');
    return target;
}

bool within(std::uint32_t address, std::uint32_t network, int bits) noexcept
{
    return address >> (32 - bits) == network >> (32 - bits);
}

bool isPublicV4(std::uint32_t address) noexcept
{
    // RFC 6890 and its registry.
    constexpr std::array<std::pair<std::uint32_t, int>, 15> kReserved = {{
        {0x00000000, 8},
        {0x0a000000, 8},
        {0x64400000, 10},
        {0x7f000000, 8},
        {0xa9fe0000, 16},
        {0xac100000, 12},
        {0xc0000000, 24},
        {0xc0000200, 24},
        {0xc0586300, 24},
        {0xc0a80000, 16},
        {0xc6120000, 15},
        {0xc6336400, 24},
        {0xcb007100, 24},
        {0xe0000000, 4},
        {0xf0000000, 4},
    }};
    for (const auto& [network, bits] : kReserved) {
        if (within(address, network, bits))
            return false;
    }
    return true;
}

std::uint32_t v4Within(const asio::ip::address_v6::bytes_type& bytes, std::size_t from) noexcept
{
    std::uint32_t address = 0;
    for (std::size_t i = from; i < from + 4; ++i)
        address = address << 8 | bytes.at(i);
    return address;
}

bool isPublicV6(const asio::ip::address_v6& address) noexcept
{
    const asio::ip::address_v6::bytes_type bytes = address.to_bytes();
    if (address.is_v4_mapped())
        return isPublicV4(v4Within(bytes, 12));
    const std::uint32_t head = v4Within(bytes, 0);
    if (head == 0x0064ff9b) // NAT64
        return isPublicV4(v4Within(bytes, 12));
    if (head >> 16 == 0x2002) // 6to4
        return isPublicV4(v4Within(bytes, 2));
    if (head == 0x20010db8 || head == 0x20010000) // documentation, Teredo
        return false;
    return head >> 29 == 1; // 2000::/3 is what has been given out
}

asio::awaitable<std::vector<tcp::endpoint>> resolve(const Target& target, const OutgoingPolicy& policy)
{
    std::vector<tcp::endpoint> allowed;
    boost::system::error_code error;
    const asio::ip::address literal = asio::ip::make_address(target.host, error);
    if (!error) {
        allowed.emplace_back(literal, static_cast<unsigned short>(std::stoul(target.port)));
    } else {
        tcp::resolver resolver(co_await asio::this_coro::executor);
        for (const auto& entry :
             co_await resolver.async_resolve(target.host, target.port, asio::use_awaitable))
            allowed.push_back(entry.endpoint());
    }
    if (!policy.allowPrivate)
        std::erase_if(allowed,
                      [](const tcp::endpoint& endpoint) { return !isPublicAddress(endpoint.address()); });
    if (allowed.empty())
        throw Failed("The name stands for no public address.");
    co_return allowed;
}

template <class Stream>
asio::awaitable<int> exchange(Stream& stream, http::request<http::string_body>& request)
{
    co_await http::async_write(stream, request, asio::use_awaitable);
    beast::flat_buffer buffer(16 * 1024);
    http::response_parser<http::empty_body> parser;
    co_await http::async_read_header(stream, buffer, parser, asio::use_awaitable);
    co_return parser.get().result_int();
}

asio::awaitable<int> send(const Target& target, http::request<http::string_body>& request,
                          const OutgoingPolicy& policy)
{
    const std::vector<tcp::endpoint> endpoints = co_await resolve(target, policy);
    const auto executor = co_await asio::this_coro::executor;
    if (!target.secure) {
        beast::tcp_stream stream(executor);
        co_await stream.async_connect(endpoints, asio::use_awaitable);
        co_return co_await exchange(stream, request);
    }
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.set_default_verify_paths();
    context.set_verify_mode(asio::ssl::verify_peer);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    beast::ssl_stream<beast::tcp_stream> stream(executor, context);
    stream.set_verify_callback(asio::ssl::host_name_verification(target.host));
    if (SSL_set_tlsext_host_name(stream.native_handle(), target.host.c_str()) != 1)
        throw Failed("The host's name cannot be sent.");
    co_await beast::get_lowest_layer(stream).async_connect(endpoints, asio::use_awaitable);
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    co_return co_await exchange(stream, request);
}

std::string sentenceOf(const std::exception_ptr& thrown)
{
    try {
        std::rethrow_exception(thrown);
    } catch (const Failed& failed) {
        return failed.what();
    } catch (const boost::system::system_error& error) {
        return "The request failed: " + error.code().message() + '.';
    } catch (const std::exception&) {
        return "The request failed.";
    }
}

} // namespace

bool isPublicAddress(const asio::ip::address& address) noexcept
{
    return address.is_v4() ? isPublicV4(address.to_v4().to_uint()) : isPublicV6(address.to_v6());
}

std::optional<std::string> refusalOf(std::string_view url, const OutgoingPolicy& policy)
{
    const tl::expected<Target, std::string> target = targetOf(url, policy);
    if (!target)
        return target.error();
    boost::system::error_code error;
    const asio::ip::address literal = asio::ip::make_address(target->host, error);
    std::optional<std::string> refusal;
    if (!policy.allowPrivate && (error ? target->host == "localhost" : !isPublicAddress(literal)))
        refusal = "The URL leads to an address that is not public.";
    return refusal;
}

tl::expected<int, std::string> post(std::string_view url, const Headers& headers, const std::string& body,
                                    const OutgoingPolicy& policy)
{
    const tl::expected<Target, std::string> target = targetOf(url, policy);
    if (!target)
        return tl::unexpected<std::string>(target.error());
    http::request<http::string_body> request(http::verb::post, target->path, 11);
    request.set(http::field::host, target->hostField);
    request.set(http::field::user_agent, "yarrow-server");
    request.set(http::field::connection, "close");
    for (const auto& [name, value] : headers.fields())
        request.set(name, value);
    request.body() = body;
    request.prepare_payload();

    asio::io_context io(1);
    tl::expected<int, std::string> answer = tl::unexpected<std::string>("There was no answer in time.");
    asio::co_spawn(io, send(*target, request, policy),
                   [&answer](const std::exception_ptr& thrown, int status) {
                       if (thrown)
                           answer = tl::unexpected<std::string>(sentenceOf(thrown));
                       else
                           answer = status;
                   });
    io.run_for(policy.timeout);
    return answer;
}

} // namespace yarrow::server
