// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/server_load/client.h"
#include "tests/bench/server_load/figures.h"
#include "tests/bench/server_load/runs.h"
#include "tests/bench/server_load/samples.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <fstream>
#include <memory>
#include <stdexcept>

namespace yarrow::load {

namespace {

using namespace std::chrono_literals;
namespace websocket = boost::beast::websocket;

/// Handshakes at once: a whole clinic does not come in the same millisecond either.
constexpr int kConnecting = 50;

/// Resident memory of a process in KiB; 0 when it is not known.
double residentKiB(int pid)
{
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:"))
            return std::stod(line.substr(6));
    }
    return 0;
}

struct Count
{
    int waiting = 0; // for a connection
    int bound = 0;
    int pinged = 0;
    Clock::time_point written;
    Latencies pings;
};

asio::awaitable<std::string> subscribe(asio::any_io_executor executor, Server& server, const Desk& desk)
{
    Client client(executor, server, desk.token);
    co_await client.connect();
    const Answer answer = co_await client.request(
        http::verb::post, "/fhir/Subscription",
        R"({"resourceType":"Subscription","status":"requested","reason":"benchmark","criteria":"Patient?","channel":{"type":"websocket"}})");
    const std::size_t id = answer.body.find(R"("id":")");
    if (answer.status != 201 || id == std::string::npos)
        throw std::runtime_error("no subscription: " + std::to_string(answer.status) + ' ' +
                                 answer.body.substr(0, 500));
    co_return answer.body.substr(id + 6, answer.body.find('"', id + 6) - id - 6);
}

/// Connects, binds, and waits for one ping.
asio::awaitable<void> listener(asio::any_io_executor executor, Server& server, const Desk& desk,
                               const std::string& subscription, Count& count)
{
    asio::steady_timer turn(executor);
    while (count.waiting >= kConnecting) {
        turn.expires_after(2ms);
        co_await turn.async_wait(asio::use_awaitable);
    }
    ++count.waiting;
    Client client(executor, server, {});
    co_await client.connect();
    websocket::stream<Stream&> socket(client.stream());
    socket.set_option(websocket::stream_base::decorator([&desk](websocket::request_type& request) {
        request.set(http::field::authorization, "Bearer " + desk.token);
    }));
    co_await socket.async_handshake(server.host + ':' + server.port, "/fhir/ws", asio::use_awaitable);
    co_await socket.async_write(asio::buffer("bind " + subscription), asio::use_awaitable);
    boost::beast::flat_buffer buffer;
    while (true) {
        co_await socket.async_read(buffer, asio::use_awaitable);
        const std::string said = boost::beast::buffers_to_string(buffer.data());
        buffer.clear();
        if (said == "bound " + subscription) {
            ++count.bound;
            --count.waiting;
        } else if (said == "ping " + subscription) {
            count.pings.add(count.written);
            ++count.pinged;
            co_return;
        } else {
            throw std::runtime_error("the socket said: " + said);
        }
    }
}

} // namespace

Findings sockets(const Common& common, const SocketOptions& options)
{
    Server server(common.url, common.certificate);
    asio::io_context io(1);
    Count count;
    double before = 0;
    double after = 0;
    double connecting = 0;
    std::string subscription;
    const Desk& desk = common.desks.at(0);
    const auto run = [&]() -> asio::awaitable<void> {
        subscription = co_await subscribe(io.get_executor(), server, desk);
    };
    std::vector<asio::awaitable<void>> first;
    first.push_back(run());
    runAll(io, std::move(first));
    io.restart();

    before = residentKiB(options.serverPid);
    const Clock::time_point from = Clock::now();
    const auto write = [&]() -> asio::awaitable<void> {
        asio::steady_timer timer(io);
        while (count.bound < options.count) {
            timer.expires_after(10ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
        connecting = secondsSince(from);
        after = residentKiB(options.serverPid);
        Client client(io.get_executor(), server, desk.token);
        co_await client.connect();
        Samples samples(static_cast<std::uint64_t>(Clock::now().time_since_epoch().count()));
        const Samples::Resource patient = samples.patient();
        count.written = Clock::now();
        const Answer answer = co_await client.request(http::verb::put, "/fhir/Patient/" + patient.id,
                                                      patient.text, creationBy(desk.author));
        if (answer.status != 201)
            throw std::runtime_error("the write was refused: " + answer.body.substr(0, 500));
    };
    std::vector<asio::awaitable<void>> work;
    for (int i = 0; i < options.count; ++i)
        work.push_back(listener(io.get_executor(), server, desk, subscription, count));
    work.push_back(write());
    runAll(io, std::move(work));
    return {{"sockets", count.bound},
            {"connected within s", connecting},
            {"server KiB per socket", options.count > 0 ? (after - before) / options.count : 0},
            {"pinged", count.pinged},
            {"ping p50 ms", count.pings.percentile(50)},
            {"ping p99 ms", count.pings.percentile(99)},
            {"ping last ms", count.pings.percentile(100)}};
}

} // namespace yarrow::load
