// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/live/change_listener.h"

#include "server/ops/log.h"
#include "server/ops/metrics.h"

#include <pqxx/pqxx>

#include <functional>

namespace yarrow::server::live {
namespace {

constexpr auto kRetry = std::chrono::seconds(1);
constexpr long kStopsWithinMicros = 200'000;
constexpr int kRoundsPerTrial = 75; // 15 s: a connection that is silently dead shows when something is asked

class Receiver : public pqxx::notification_receiver
{
public:
    using Heard = std::function<void(const std::string&)>;
    Receiver(pqxx::connection& connection, const char* channel, Heard heard)
        : pqxx::notification_receiver(connection, channel)
        , m_heard(std::move(heard))
    {}
    void operator()(const std::string& payload, int) override { m_heard(payload); }

private:
    Heard m_heard;
};

std::int64_t microsNow()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

ops::Gauge& listening()
{
    static ops::Gauge gauge("yarrow_live_listening", "1 while the process hears of changes");
    return gauge;
}

} // namespace

ChangeListener::ChangeListener(std::string databaseUri, SocketHub& hub)
    : m_databaseUri(std::move(databaseUri))
    , m_hub(hub)
    , m_thread([this] { work(); })
{}

ChangeListener::~ChangeListener()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

bool ChangeListener::stopped()
{
    const std::lock_guard lock(m_mutex);
    return m_stopped;
}

void ChangeListener::work()
{
    bool again = false;
    while (!stopped()) {
        try {
            listen(again);
        } catch (const std::exception&) {
            listening().set(0);
            ops::log(ops::LogLevel::Warning, "not-listening");
        }
        again = true;
        std::unique_lock lock(m_mutex);
        m_wake.wait_for(lock, kRetry, [this] { return m_stopped; });
    }
}

void ChangeListener::listen(bool again)
{
    pqxx::connection connection(m_databaseUri);
    const Receiver changes(connection, kChangeChannel, [this](const std::string& text) {
        if (const auto notice = readChange(text))
            m_hub.changed(*notice, microsNow());
    });
    const Receiver access(connection, kAccessChannel, [this](const std::string& text) {
        if (const auto notice = readAccess(text))
            m_hub.accessChanged(*notice);
    });
    listening().set(1);
    if (again)
        m_hub.pingEverybody();
    for (int round = 1; !stopped(); ++round) {
        connection.await_notification(0, kStopsWithinMicros);
        if (round % kRoundsPerTrial == 0)
            pqxx::nontransaction(connection).exec("SELECT 1");
    }
}

} // namespace yarrow::server::live
