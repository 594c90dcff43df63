// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/client.h"

#include "tests/simulation/invariants.h"
#include "tests/support/power_cut_vfs.h"

#include <algorithm>
#include <cstdio>

namespace yarrow::simulation {

std::string Client::NumberedIds::next()
{
    char text[37];
    std::snprintf(text, sizeof text, "%08x-0000-7000-8000-%012x", static_cast<unsigned>(number) + 1, ++last);
    return text;
}

Client::Client(World& world, int number, std::string device, const StoreFiles& files)
    : m_world(world)
    , m_number(number)
    , m_name("c" + std::to_string(number))
    , m_device(std::move(device))
    , m_path(std::filesystem::path(m_folder.path().toStdString()) / "clinic.db")
    , m_clock(world.scheduler)
    , m_ids(number)
    , m_network(world, *this)
{
    files.write(m_path);
    noteOnDisk(files.log.size());
    open();
}

Client::~Client()
{
    if (m_fiber.isBusy()) { // the run ended in the middle of a cycle
        m_dying = StoreFiles();
        m_cancelled = true;
        while (m_fiber.isBusy())
            m_fiber.resume();
    }
    close();
}

std::unique_ptr<Connection> Client::connect()
{
    constexpr int kCacheKiB = 1024;
    auto connection =
        Connection::open(m_path, storeKey(), Connection::Mode::Write, testing::PowerCutVfs::instance().kName);
    YARROW_ASSERT(connection.has_value());
    (*connection)->setCacheSize(kCacheKiB);
    sqlite3_commit_hook((*connection)->handle(),
                        [](void* self) { return static_cast<Client*>(self)->beforeCommit(); }, this);
    sqlite3_wal_hook((*connection)->handle(),
                     [](void* self, sqlite3* database, const char*, int) {
                         static_cast<Client*>(self)->afterCommit(database);
                         return SQLITE_OK;
                     },
                     this);
    return std::move(*connection);
}

void Client::open()
{
    m_desk = connect();
    m_background = connect();
    m_background->serveExchange();
    if (m_world.planted == PlantedBug::SavedUnsynced)
        m_desk->serveExchange();
    if (m_world.planted == PlantedBug::PushUnsynced || m_world.planted == PlantedBug::AuditUnsynced)
        loseMakeDurable();
    if (m_world.planted == PlantedBug::BaseDropped)
        m_background->exec("CREATE TEMP TRIGGER planted AFTER INSERT ON main.push BEGIN "
                           "UPDATE resource SET base = NULL WHERE pk = NEW.resource; END");
    auto watch = Connection::open(m_path, storeKey(), Connection::Mode::ReadOnly,
                                  testing::PowerCutVfs::instance().kName);
    YARROW_ASSERT(watch.has_value());
    m_watch = std::move(*watch);
    m_engine = std::make_unique<sync::SyncEngine>(
        sync::SyncEngine::Environment{*m_background, m_clock, m_ids, identityOf(*m_background), m_network,
                                      [this](std::chrono::milliseconds time) { pause(time); }});
}

/// PlantedBug::PushUnsynced, AuditUnsynced: the exchange's connection brings nothing to the disk by itself.
void Client::loseMakeDurable()
{
    sqlite3_file* log = nullptr;
    sqlite3_file_control(m_background->handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER,
                         static_cast<void*>(&log));
    YARROW_ASSERT(log != nullptr && log->pMethods != nullptr);
    testing::PowerCutVfs::ignoreSyncs(log);
}

void Client::bringToDisk()
{
    std::error_code missing;
    const auto bytes = std::filesystem::file_size(logPath(), missing);
    noteOnDisk(missing ? 0 : bytes);
}

void Client::close()
{
    m_engine.reset();
    m_watch.reset();
    m_background.reset();
    m_desk.reset();
}

CommandScope Client::scope()
{
    const Person& person = m_world.people[m_person];
    return {*m_desk, m_clock, m_ids, identityOf(*m_desk),
            Actor{AccountId::known(person.account), person.userName, roleFromCode(person.role).value(),
                  m_device}};
}

LocalState Client::state()
{
    LocalState state = LocalState::read(*m_desk);
    if (m_world.oracle.underOwnNames)
        state.rename(m_world.oracle.underOwnNames);
    return state;
}

void Client::startCycle(std::function<void(const sync::SyncReport&)> ended)
{
    if (m_fiber.isBusy() || isDead())
        return;
    m_cancelled = false;
    m_ended = std::move(ended);
    m_fiber.start([this]() {
        m_network.beginCycle();
        applyDiskLimitToEngine();
        m_report = m_engine->cycle(m_cancelled);
    });
    finishIfDone();
}

void Client::finishIfDone()
{
    if (m_fiber.isBusy() || !m_report)
        return;
    const sync::SyncReport report = *std::exchange(m_report, std::nullopt);
    if (isDead())
        rebootIfIdle();
    else
        observe(m_world, *this);
    m_ended(report);
}

void Client::wait()
{
    ++m_wait;
    m_isWaiting = true;
    m_fiber.suspend();
}

void Client::pause(std::chrono::milliseconds time)
{
    const int wait = m_wait + 1;
    m_world.scheduler.after(time.count() * kMillisecond, [this, wait]() { wake(wait); });
    this->wait();
}

void Client::wake(int wait)
{
    if (!m_isWaiting || wait != m_wait)
        return;
    m_isWaiting = false;
    m_fiber.resume();
    finishIfDone();
}

bool Client::engineHoldsTransaction() const
{
    return sqlite3_get_autocommit(m_background->handle()) == 0;
}

int Client::beforeCommit()
{
    if (isDead())
        return 1; // nothing that a dead process does has an effect
    if (m_world.choices.strikes("crash-before-commit", m_name, m_world.weather.crashAtCommit)) {
        crash();
        return 1;
    }
    return 0;
}

void Client::afterCommit(sqlite3* database)
{
    if (isDead())
        return;
    if (m_world.choices.strikes("crash-after-commit", m_name, m_world.weather.crashAtCommit)) {
        crash();
        return;
    }
    const bool isEngine = database == m_background->handle();
    if (isEngine && m_world.choices.strikes("power-cut", m_name, m_world.weather.powerCut)) {
        cutPower();
        return;
    }
    if (isEngine && m_world.choices.strikes("pause", m_name, m_world.weather.pause)) {
        pause(std::chrono::seconds(1));
    }
}

void Client::crash()
{
    if (isDead())
        return;
    m_world.say(m_name, "crashes");
    die(copyOfDisk());
}

void Client::cutPower()
{
    if (isDead())
        return;
    StoreFiles disk = copyOfDisk();
    const std::size_t kept = std::min(syncedLog(), disk.log.size());
    m_world.say(m_name, "has no power: " + std::to_string(disk.log.size() - kept) + " bytes are lost");
    disk.log.resize(kept);
    newestSeen.clear(); // it may go back to what it knew before
    die(std::move(disk));
}

std::size_t Client::syncedLog() const
{
    return static_cast<std::size_t>(testing::PowerCutVfs::instance().synced(logPath()));
}

void Client::noteOnDisk(std::size_t logBytes)
{
    testing::PowerCutVfs::instance().note(logPath(), static_cast<sqlite3_int64>(logBytes));
}

void Client::die(StoreFiles disk)
{
    m_sent.ending(*m_watch);
    m_dying = std::move(disk);
    m_cancelled = true;
    if (m_isWaiting) {
        const int wait = m_wait;
        m_world.scheduler.after(0, [this, wait]() { wake(wait); });
    }
}

void Client::rebootIfIdle()
{
    if (!isDead() || m_fiber.isBusy())
        return;
    const std::size_t synced = syncedLog();
    close();
    m_dying->write(m_path);
    noteOnDisk(std::min(synced, m_dying->log.size()));
    m_dying.reset();
    open();
    m_world.say(m_name, "starts again");
    if (const std::string operation = m_sent.forgotten(*m_watch); !operation.empty())
        m_world.oracle.violated(4, m_name + " has sent operation " + operation + " and knows nothing of it");
    observe(m_world, *this);
}

void Client::restoreDisk(const StoreFiles& files)
{
    YARROW_ASSERT(!m_fiber.isBusy());
    close();
    files.write(m_path);
    noteOnDisk(files.log.size());
    m_sent.clear();
    m_dying.reset();
    open();
}

void Client::limitDisk(int pages)
{
    Query count(*m_desk, "PRAGMA page_count");
    m_mostPages = (count.step() ? count.integer(0) : 0) + pages;
    applyDiskLimit(*m_desk);
}

void Client::freeDisk()
{
    m_mostPages = kManyPages;
    applyDiskLimit(*m_desk);
}

void Client::applyDiskLimit(Connection& connection) const
{
    connection.exec(("PRAGMA max_page_count = " + std::to_string(m_mostPages)).c_str());
}

} // namespace yarrow::simulation
