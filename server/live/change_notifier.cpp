// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/live/change_notifier.h"

#include "server/live/notice.h"
#include "server/ops/log.h"
#include "server/ops/metrics.h"

namespace yarrow::server::live {
namespace {

constexpr auto kRetry = std::chrono::seconds(1);

} // namespace

ChangeNotifier::ChangeNotifier(const std::string& databaseUri)
    : m_connection(databaseUri)
    , m_thread([this] { work(); })
{}

ChangeNotifier::~ChangeNotifier()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

void ChangeNotifier::gather(Notices& into, const records::ChangeNotice& notice)
{
    const auto [found, isNew] = into.try_emplace(notice.tenant, notice);
    if (!isNew)
        merge(found->second, notice);
}

void ChangeNotifier::post(const records::ChangeNotice& notice)
{
    if (notice.types.empty())
        return;
    bool isFirst = false;
    {
        const std::lock_guard lock(m_mutex);
        isFirst = m_waiting.empty();
        gather(m_waiting, notice);
    }
    if (isFirst)
        m_wake.notify_all();
}

void ChangeNotifier::work()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_wake.wait(lock, [this] { return m_stopped || !m_waiting.empty(); });
        if (m_waiting.empty())
            return;
        m_wake.wait_for(lock, kGather, [this] { return m_stopped; });
        const Notices notices = std::exchange(m_waiting, {});
        lock.unlock();
        const bool sent = send(notices);
        lock.lock();
        if (sent)
            continue;
        if (m_stopped)
            return;
        for (const auto& [tenant, notice] : notices)
            gather(m_waiting, notice);
        m_wake.wait_for(lock, kRetry, [this] { return m_stopped; });
    }
}

bool ChangeNotifier::send(const Notices& notices)
{
    static ops::Counter sent("yarrow_change_notices_total",
                             "Notices of changes sent to the server processes");
    db::TextArray texts;
    for (const auto& [tenant, notice] : notices)
        texts.add(std::string_view(changeText(notice)));
    try {
        db::Transaction work(m_connection, TenantId());
        work.run("SELECT pg_notify($1, text) FROM unnest($2::text[]) AS text", kChangeChannel, texts);
        work.commit();
        sent.add(static_cast<double>(notices.size()));
        return true;
    } catch (const std::exception&) {
        ops::log(ops::LogLevel::Warning, "notice-not-sent", {{"clinics", static_cast<int>(notices.size())}});
        m_connection.close();
        return false;
    }
}

} // namespace yarrow::server::live
