// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/live/socket_hub.h"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace yarrow::server::live {

/// Hears what all server processes tell, over a connection and on a thread of its own, and passes it on to
/// the hub. After the connection was lost it comes back by itself and pings everybody, since changes may have
/// been missed. (A revocation missed meanwhile ends a socket when its token expires.)
class ChangeListener
{
public:
    ChangeListener(std::string databaseUri, SocketHub& hub);
    ~ChangeListener();
    ChangeListener(const ChangeListener&) = delete;
    ChangeListener& operator=(const ChangeListener&) = delete;

private:
    void work();
    void listen(bool again);
    [[nodiscard]] bool stopped();

    const std::string m_databaseUri;
    SocketHub& m_hub;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_stopped = false;
    std::thread m_thread;
};

} // namespace yarrow::server::live
