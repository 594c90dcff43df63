// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/live/socket_hub.h"

#include <algorithm>

namespace yarrow::server::live {
namespace {

constexpr std::string_view kSubscription = "Subscription/";

bool mayReadAnyOf(AreaSet areas, AreaSet changed)
{
    for (int i = 0; i < kAreaCount; ++i) {
        const auto area = static_cast<Area>(i);
        if (areas.contains(area) && changed.contains(area))
            return true;
    }
    return false;
}

bool wantsAnyOf(const std::set<std::string>& types, const std::set<std::string>& changed)
{
    // Empty: all of them, or nobody knows which.
    return types.empty() || changed.empty() ||
           std::any_of(types.begin(), types.end(),
                       [&](const std::string& type) { return changed.count(type) > 0; });
}

void pingOnce(Socket& socket, const std::shared_ptr<Binding>& binding)
{
    if (!binding->pinged.exchange(true))
        socket.ping(binding);
}

} // namespace

bool SocketHub::isFull() const
{
    return size() >= m_most;
}

std::size_t SocketHub::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_size;
}

void SocketHub::add(std::shared_ptr<Socket> socket)
{
    const std::lock_guard lock(m_mutex);
    Clinic& clinic = m_clinics[socket->caller().tenant];
    const Socket* key = socket.get();
    clinic.emplace(key, Entry{std::move(socket), {}});
    ++m_size;
}

void SocketHub::remove(const Socket& socket)
{
    Entry last; // destroyed after the lock is gone
    const std::lock_guard lock(m_mutex);
    const auto clinic = m_clinics.find(socket.caller().tenant);
    if (clinic == m_clinics.end())
        return;
    const auto found = clinic->second.find(&socket);
    if (found == clinic->second.end())
        return;
    last = std::move(found->second);
    clinic->second.erase(found);
    --m_size;
    if (clinic->second.empty())
        m_clinics.erase(clinic);
}

bool SocketHub::bind(const Socket& socket, std::shared_ptr<Binding> binding)
{
    const std::lock_guard lock(m_mutex);
    std::vector<std::shared_ptr<Binding>>& bindings = m_clinics[socket.caller().tenant][&socket].bindings;
    const auto same = std::find_if(bindings.begin(), bindings.end(), [&](const auto& other) {
        return other->subscription == binding->subscription;
    });
    if (same != bindings.end()) {
        *same = std::move(binding);
        return true;
    }
    if (bindings.size() >= kMostBindings)
        return false;
    bindings.push_back(std::move(binding));
    return true;
}

void SocketHub::changed(const records::ChangeNotice& notice, std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    const auto clinic = m_clinics.find(notice.tenant);
    if (clinic == m_clinics.end())
        return;
    for (auto& [key, entry] : clinic->second) {
        if (!mayReadAnyOf(entry.socket->caller().areas, notice.areas))
            continue;
        for (const auto& binding : entry.bindings) {
            if (binding->endsAt > now && wantsAnyOf(binding->types, notice.types))
                pingOnce(*entry.socket, binding);
        }
    }
}

void SocketHub::accessChanged(const AccessNotice& notice)
{
    const std::lock_guard lock(m_mutex);
    const auto clinic = m_clinics.find(notice.tenant);
    if (clinic == m_clinics.end())
        return;
    const bool isSubscription = notice.id.compare(0, kSubscription.size(), kSubscription) == 0;
    const std::string subscription = isSubscription ? notice.id.substr(kSubscription.size()) : std::string();
    for (auto& [key, entry] : clinic->second) {
        const Principal& caller = entry.socket->caller();
        if (!isSubscription) {
            if (caller.device == notice.id || caller.account == notice.id)
                entry.socket->close(Socket::Farewell::AccessChanged);
            continue;
        }
        const auto gone = std::erase_if(
            entry.bindings, [&](const auto& binding) { return binding->subscription == subscription; });
        if (gone > 0)
            entry.socket->unbound(subscription);
    }
}

void SocketHub::pingEverybody()
{
    const std::lock_guard lock(m_mutex);
    for (auto& [tenant, clinic] : m_clinics) {
        for (auto& [key, entry] : clinic) {
            for (const auto& binding : entry.bindings)
                pingOnce(*entry.socket, binding);
        }
    }
}

} // namespace yarrow::server::live
