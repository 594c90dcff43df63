// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/server_load/client.h"
#include "tests/bench/server_load/figures.h"
#include "tests/bench/server_load/runs.h"

#include <boost/asio/io_context.hpp>

#include <stdexcept>

namespace yarrow::load {

namespace {

struct Read
{
    double entries = 0;
    double bytes = 0;
    Latencies latencies;
};

/// What the link `next` of a page leads to, without scheme and host; empty on the last page.
std::string nextOf(const std::string& page)
{
    const std::size_t relation = page.find(R"("relation":"next","url":")");
    if (relation == std::string::npos)
        return {};
    const std::size_t from = page.find("https://", relation);
    const std::size_t path = page.find('/', from + 8);
    return page.substr(path, page.find('"', path) - path);
}

double countOf(const std::string& text, std::string_view what)
{
    double count = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size()))
        ++count;
    return count;
}

asio::awaitable<void> reader(asio::any_io_executor executor, Server& server, const Desk& desk, int page,
                             Read& read)
{
    Client client(executor, server, desk.token);
    co_await client.connect();
    std::string target = "/fhir/_history?_sort=_lastUpdated&_count=" + std::to_string(page);
    while (!target.empty()) {
        const Clock::time_point from = Clock::now();
        const Answer answer = co_await client.request(http::verb::get, target);
        read.latencies.add(from);
        if (answer.status != 200)
            throw std::runtime_error("the feed was refused: " + std::to_string(answer.status) + ' ' +
                                     answer.body.substr(0, 1000));
        read.entries += countOf(answer.body, R"("request":{"method":)");
        read.bytes += static_cast<double>(answer.body.size());
        target = nextOf(answer.body);
    }
}

} // namespace

Findings feed(const Common& common, const FeedOptions& options)
{
    Server server(common.url, common.certificate);
    asio::io_context io(1);
    Read read;
    std::vector<asio::awaitable<void>> work;
    for (int i = 0; i < options.readers; ++i)
        work.push_back(reader(io.get_executor(), server, common.desks.at(0), options.page, read));
    const Clock::time_point from = Clock::now();
    runAll(io, std::move(work));
    const double seconds = secondsSince(from);
    return {{"resources/s", read.entries / seconds},
            {"MB/s", read.bytes / seconds / 1e6},
            {"resources read", read.entries},
            {"page p50 ms", read.latencies.percentile(50)},
            {"page p95 ms", read.latencies.percentile(95)}};
}

} // namespace yarrow::load
