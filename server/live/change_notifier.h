// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/connection.h"
#include "server/records/writer.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace yarrow::server::live {

/// Tells every server process of commits. Over a connection and on a thread of its own, since PostgreSQL puts
/// transactions that notify one behind the other. What a clinic commits within kGather goes out as one
/// notice. Notices may be lost with the process: they are hints, the feed is the truth.
class ChangeNotifier
{
public:
    static constexpr std::chrono::milliseconds kGather{20};

    explicit ChangeNotifier(const std::string& databaseUri);
    ~ChangeNotifier(); ///< sends what it has
    ChangeNotifier(const ChangeNotifier&) = delete;
    ChangeNotifier& operator=(const ChangeNotifier&) = delete;

    /// After the commit; a notice without types tells nothing. From any thread; never waits for the database.
    void post(const records::ChangeNotice& notice);

private:
    using Notices = std::map<TenantId, records::ChangeNotice>;
    static void gather(Notices& into, const records::ChangeNotice& notice);
    void work();
    bool send(const Notices& notices);

    db::Connection m_connection; // of the thread
    std::mutex m_mutex;
    std::condition_variable m_wake;
    Notices m_waiting;
    bool m_stopped = false;
    std::thread m_thread;
};

} // namespace yarrow::server::live
