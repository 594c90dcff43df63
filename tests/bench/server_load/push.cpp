// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/server_load/client.h"
#include "tests/bench/server_load/figures.h"
#include "tests/bench/server_load/runs.h"
#include "tests/bench/server_load/samples.h"

#include <boost/asio/io_context.hpp>

#include <stdexcept>

namespace yarrow::load {

namespace {

/// Takes bundles from `waiting` until none is left.
asio::awaitable<void> pusher(asio::any_io_executor executor, Server& server, const Desk& desk,
                             std::vector<std::string>& waiting, Latencies& latencies)
{
    Client client(executor, server, desk.token);
    co_await client.connect();
    while (!waiting.empty()) {
        const std::string bundle = std::move(waiting.back());
        waiting.pop_back();
        const Clock::time_point from = Clock::now();
        const Answer answer = co_await client.request(http::verb::post, "/fhir", bundle);
        latencies.add(from);
        // A batch is answered entry by entry.
        if (answer.status != 200 || answer.body.find(R"("status":"4)") != std::string::npos ||
            answer.body.find(R"("status":"5)") != std::string::npos)
            throw std::runtime_error("a bundle was refused: " + std::to_string(answer.status) + ' ' +
                                     answer.body.substr(0, 2000));
    }
}

} // namespace

Findings push(const Common& common, const PushOptions& options)
{
    Server server(common.url, common.certificate);
    Findings findings;
    double pushed = 0;
    double copied = 0;
    Latencies latencies;
    for (int round = 0; round < options.rounds; ++round) {
        const Desk& desk = common.desks.at(static_cast<std::size_t>(round));
        Samples samples(static_cast<std::uint64_t>(round) + 1);
        std::vector<std::string> bundles;
        for (int i = 0; i < options.bundles; ++i)
            bundles.insert(bundles.begin(), batchOf(samples, options.perBundle, desk.author));
        const Clock::time_point from = Clock::now();
        asio::io_context io(1);
        std::vector<asio::awaitable<void>> work;
        for (int i = 0; i < options.connections; ++i)
            work.push_back(pusher(io.get_executor(), server, desk, bundles, latencies));
        runAll(io, std::move(work));
        const double resources = static_cast<double>(options.bundles) * options.perBundle;
        const double pushSeconds = secondsSince(from);
        findings.emplace_back("push " + std::to_string(round + 1) + " resources/s", resources / pushSeconds);
        pushed += pushSeconds;
        if (options.copyDatabase.empty())
            continue;
        const double copySeconds =
            copyRows(options.database, options.copyDatabase, desk.tenant, options.perBundle);
        findings.emplace_back("copy " + std::to_string(round + 1) + " resources/s", resources / copySeconds);
        copied += copySeconds;
    }
    findings.emplace_back("bundle p50 ms", latencies.percentile(50));
    findings.emplace_back("bundle p95 ms", latencies.percentile(95));
    if (copied > 0)
        findings.emplace_back("push time / copy time", pushed / copied);
    return findings;
}

} // namespace yarrow::load
