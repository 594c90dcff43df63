// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/service/hint_socket.h"
#include "sync/service/linked_exchange.h"
#include "sync/service/sync_schedule.h"
#include "sync/service/sync_status.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace yarrow::sync {

/// What the exchange in the background needs; all references outlive it.
struct SyncEnvironment
{
    std::unique_ptr<Connection> connection; ///< of its own, that writes: Clinic::openSyncConnection()
    Profile profile;
    const Clock& clock;
    IdSource& ids;
    ClinicIdentity clinic;
    DeviceSecretStore* secrets = nullptr; ///< the OS key store; nullptr where there is none
    Actor person = {};                    ///< who is signed in; nobody when the account is empty
};

/// The thread that exchanges with the server whenever the schedule says so. Its functions may be called from
/// any thread and return at once. Destroying it cancels what is under way and waits for its end.
class SyncWorker
{
public:
    /// Called on the worker's thread.
    struct Listener
    {
        std::function<void(const SyncStatus&)> status;     ///< when it has changed
        std::function<void(const SyncReport&)> exchanged;  ///< after each exchange
        std::function<void(const HintAddress&)> wantHints; ///< a WebSocket can be opened; see hintsClosed()
    };
    SyncWorker(SyncEnvironment environment, Listener listener);
    ~SyncWorker();
    SyncWorker(const SyncWorker&) = delete;
    SyncWorker& operator=(const SyncWorker&) = delete;

    void noteEdit(); ///< a record was changed on this workstation
    void noteHint();
    void request();
    void reload(); ///< the link was changed: enrolled, paused
    void allowDeletions();
    void hintsClosed();
    void subscriptionUnknown();

private:
    /// Never jumps, unlike the wall's.
    class SteadyClock final : public Clock
    {
    public:
        [[nodiscard]] Instant now() const override;
    };

    void wake(const std::function<void()>& change);
    void work();
    void waitFor(std::unique_lock<std::mutex>& lock);
    void readFacts();
    void readPerson();
    void publish();
    void exchange(std::unique_lock<std::mutex>& lock);
    void openHints(const SyncReport& report);
    [[nodiscard]] bool makeSubscription(const std::string& id);

    SteadyClock m_steady;
    std::atomic_bool m_cancelled = false;
    SyncEnvironment m_environment;
    Listener m_listener;

    // Of the thread alone.
    LinkedExchange m_exchange;
    SyncFacts m_facts;
    std::optional<SyncStatus> m_published;

    std::mutex m_mutex; // of what follows
    std::condition_variable m_wake;
    SyncSchedule m_schedule;
    bool m_reload = true;
    Instant m_reloadAt{};
    bool m_deletionsAllowed = false;
    bool m_hintsOpen = false;
    Instant m_hintsNotBefore{};
    bool m_subscriptionUnknown = false;

    std::thread m_thread; // last: it uses all of the above
};

} // namespace yarrow::sync
