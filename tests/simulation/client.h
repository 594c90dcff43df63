// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/commands/conflict_commands.h"
#include "sync/engine/sync_engine.h"
#include "tests/simulation/local_records.h"
#include "tests/simulation/network.h"
#include "tests/simulation/sent_uploads.h"
#include "tests/simulation/store_template.h"
#include "tests/simulation/world.h"

#include <QTemporaryDir>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace yarrow::simulation {

/// One workstation: a real store in files, the real engine on a fiber, people who take turns at it.
class Client
{
public:
    Client(World& world, int number, std::string device, const StoreFiles& files);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    [[nodiscard]] int number() const noexcept { return m_number; }
    [[nodiscard]] const std::string& name() const noexcept { return m_name; }
    [[nodiscard]] const std::string& device() const noexcept { return m_device; }

    /// Runs a cycle until its first wait, unless one is under way. `ended` is called behind its end.
    void startCycle(std::function<void(const sync::SyncReport&)> ended);
    [[nodiscard]] bool isSyncing() const noexcept { return m_fiber.isBusy(); }
    /// Once past the brake on deletions.
    void allowDeletions() { m_engine->allowDeletions(); }

    /// What a person does, as whoever is signed in.
    [[nodiscard]] CommandScope scope();
    /// What its store says, under the names that the oracle knows.
    [[nodiscard]] LocalState state();
    /// To read with, and to write in the name of people; the engine has another one.
    [[nodiscard]] Connection& connection() noexcept { return *m_desk; }
    [[nodiscard]] const Clock& clock() const noexcept { return m_clock; }
    [[nodiscard]] const Person& person() const { return m_world.people[m_person]; }
    void signIn(std::size_t person) { m_person = person; }

    // What befalls a workstation.
    void crash();    ///< the program ends: what it has committed stays, all else is gone
    void cutPower(); ///< what was not brought to the disk is gone as well
    [[nodiscard]] bool isDead() const noexcept { return m_dying.has_value(); }
    /// Ends a crash that happened while nothing was under way.
    void rebootIfIdle();
    [[nodiscard]] StoreFiles copyOfDisk() const { return StoreFiles::read(m_path); }
    void restoreDisk(const StoreFiles& files); ///< only while no cycle is under way
    void limitDisk(int pages);                 ///< so many more than there are
    void freeDisk();
    /// On the engine's fiber, outside of its statements: its connection is nobody else's to touch.
    void applyDiskLimitToEngine() const { applyDiskLimit(*m_background); }
    void jumpClock(Micros by) { m_clock.skew += by; }
    /// What is in the log lies on the disk from now on.
    void bringToDisk();
    void noteSending(const sync::HttpRequest& request) { m_sent.sending(*m_watch, request); }
    bool isOffline = false;
    std::optional<SettledConflict> lastSettlement; ///< that can be taken back
    std::map<std::string, std::string> newestSeen; ///< versionIds that an observer met last, by "Type/id"

    // For the network: waiting on the engine's fiber.
    void wait(); ///< until the next wake()
    void pause(std::chrono::milliseconds time);
    [[nodiscard]] int waiting() const noexcept { return m_wait; } ///< names the wait under way
    void wake(int wait);                                          ///< nothing when that wait is over
    [[nodiscard]] bool engineHoldsTransaction() const;

private:
    struct VirtualClock final : Clock
    {
        explicit VirtualClock(const Scheduler& from)
            : scheduler(from)
        {}
        [[nodiscard]] Instant now() const override
        {
            return Instant(
                std::chrono::milliseconds((World::kBegin + scheduler.now() + skew) / kMillisecond));
        }
        const Scheduler& scheduler;
        Micros skew = 0;
    };
    struct NumberedIds final : IdSource
    {
        explicit NumberedIds(int client)
            : number(client)
        {}
        std::string next() override;
        int number;
        unsigned last = 0;
    };

    static constexpr std::int64_t kManyPages = 1'000'000;

    void open();
    void close();
    void loseMakeDurable();
    void applyDiskLimit(Connection& connection) const;
    [[nodiscard]] std::unique_ptr<Connection> connect();
    void finishIfDone();
    void die(StoreFiles disk);
    [[nodiscard]] std::size_t syncedLog() const; ///< bytes of the log that a power cut leaves
    void noteOnDisk(std::size_t logBytes);
    [[nodiscard]] std::string logPath() const { return m_path.string() + "-wal"; }
    int beforeCommit();
    void afterCommit(sqlite3* database);

    World& m_world;
    int m_number;
    std::string m_name;
    std::string m_device;
    QTemporaryDir m_folder;
    std::filesystem::path m_path;
    VirtualClock m_clock;
    NumberedIds m_ids;
    SimulatedNetwork m_network;
    SentUploads m_sent;
    std::unique_ptr<Connection> m_desk;
    std::unique_ptr<Connection> m_background;
    std::unique_ptr<Connection> m_watch; ///< reads what is committed, also while the others commit
    std::unique_ptr<sync::SyncEngine> m_engine;
    std::size_t m_person = 0;
    std::int64_t m_mostPages = kManyPages;
    std::optional<StoreFiles> m_dying; ///< the disk at the moment of the crash
    std::atomic_bool m_cancelled = false;
    std::optional<sync::SyncReport> m_report; ///< of a cycle that has just ended
    std::function<void(const sync::SyncReport&)> m_ended;
    int m_wait = 0;
    bool m_isWaiting = false;
    Fiber m_fiber;
};

} // namespace yarrow::simulation
