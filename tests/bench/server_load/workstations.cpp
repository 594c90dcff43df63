// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/server_load/client.h"
#include "tests/bench/server_load/figures.h"
#include "tests/bench/server_load/runs.h"
#include "tests/bench/server_load/samples.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdio>
#include <stdexcept>

namespace yarrow::load {

namespace {

using namespace std::chrono_literals;

/// Connections are opened over this time, before anything counts.
constexpr auto kArrival = 15s;

struct Count
{
    Latencies polls;
    Latencies writes;
    double errors = 0;
    double resources = 0;
    int ready = 0;
};

/// The newest lastUpdated of a page: where the next poll begins.
std::string cursorOf(const std::string& page, const std::string& otherwise)
{
    constexpr std::string_view kName = R"("lastUpdated":")";
    const std::size_t at = page.rfind(kName);
    if (at == std::string::npos)
        return otherwise;
    const std::size_t from = at + kName.size();
    return page.substr(from, page.find('"', from) - from);
}

class Workstation
{
public:
    Workstation(asio::any_io_executor executor, Server& server, const Desk& desk, std::uint64_t number,
                Count& count)
        : m_client(executor, server, desk.token)
        , m_timer(executor)
        , m_desk(desk)
        , m_samples(1'000'000 + number)
        , m_random(number)
        , m_count(count)
    {}

    asio::awaitable<void> run(Clock::time_point arrival, Clock::time_point begin,
                              const WorkstationOptions& options)
    {
        co_await waitUntil(arrival);
        co_await m_client.connect();
        // Where the clinic stands: what a workstation that was here yesterday knows.
        const Answer answer = co_await m_client.request(http::verb::get, "/fhir/_history?_count=1");
        if (answer.status != 200)
            throw std::runtime_error("a workstation cannot read: " + std::to_string(answer.status) + ' ' +
                                     answer.body.substr(0, 500));
        m_cursor = cursorOf(answer.body, {});
        ++m_count.ready;
        const Clock::time_point end = begin + std::chrono::seconds(options.seconds);
        Clock::time_point poll = begin + within(options.pollEvery);
        Clock::time_point write = begin + within(options.writeEvery);
        while (std::min(poll, write) < end) {
            co_await waitUntil(std::min(poll, write));
            const bool polls = poll <= write;
            (polls ? poll : write) += std::chrono::seconds(polls ? options.pollEvery : options.writeEvery);
            try {
                if (polls)
                    co_await readFeed();
                else
                    co_await save();
            } catch (const boost::system::system_error& error) {
                if (m_count.errors++ < 5)
                    std::fprintf(stderr, "workstation: %s\n", error.what());
                co_return;
            }
        }
    }

private:
    Clock::duration within(int seconds)
    {
        return std::chrono::milliseconds(std::uniform_int_distribution<int>(0, seconds * 1000)(m_random));
    }
    asio::awaitable<void> waitUntil(Clock::time_point time)
    {
        m_timer.expires_at(time);
        co_await m_timer.async_wait(asio::use_awaitable);
    }
    void note(const Answer& answer)
    {
        if (answer.status >= 200 && answer.status < 300)
            return;
        if (m_count.errors++ < 5)
            std::fprintf(stderr, "workstation: %u %s\n", answer.status, answer.body.substr(0, 300).c_str());
    }
    asio::awaitable<void> readFeed()
    {
        std::string target = "/fhir/_history?_sort=_lastUpdated&_count=1000";
        if (!m_cursor.empty())
            target += "&_since=" + m_cursor;
        const Clock::time_point from = Clock::now();
        const Answer answer = co_await m_client.request(http::verb::get, target);
        m_count.polls.add(from);
        note(answer);
        m_cursor = cursorOf(answer.body, m_cursor);
    }
    asio::awaitable<void> save()
    {
        const Samples::Resource patient = m_samples.patient();
        const Clock::time_point from = Clock::now();
        const Answer answer = co_await m_client.request(http::verb::put, "/fhir/Patient/" + patient.id,
                                                        patient.text, creationBy(m_desk.author));
        m_count.writes.add(from);
        note(answer);
    }

    Client m_client;
    asio::steady_timer m_timer;
    const Desk& m_desk;
    Samples m_samples;
    std::mt19937_64 m_random;
    Count& m_count;
    std::string m_cursor;
};

} // namespace

Findings workstations(const Common& common, const WorkstationOptions& options)
{
    Server server(common.url, common.certificate);
    asio::io_context io(1);
    Count count;
    const auto begin = Clock::now() + kArrival;
    std::vector<std::unique_ptr<Workstation>> desks;
    std::vector<asio::awaitable<void>> work;
    for (std::size_t i = 0; i < common.desks.size(); ++i) {
        desks.push_back(std::make_unique<Workstation>(io.get_executor(), server, common.desks[i], i, count));
        const auto arrival = begin - kArrival + kArrival * 9 / 10 * i / common.desks.size();
        work.push_back(
            desks.back()->run(std::chrono::time_point_cast<Clock::duration>(arrival), begin, options));
    }
    runAll(io, std::move(work));
    return {{"workstations", count.ready},
            {"polls", static_cast<double>(count.polls.count())},
            {"poll p50 ms", count.polls.percentile(50)},
            {"poll p95 ms", count.polls.percentile(95)},
            {"poll p99 ms", count.polls.percentile(99)},
            {"writes", static_cast<double>(count.writes.count())},
            {"write p50 ms", count.writes.percentile(50)},
            {"write p95 ms", count.writes.percentile(95)},
            {"write p99 ms", count.writes.percentile(99)},
            {"errors", count.errors}};
}

} // namespace yarrow::load
