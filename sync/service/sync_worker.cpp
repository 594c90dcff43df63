// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/service/sync_worker.h"

#include "core/json.h"
#include "models/store/db/sqlite.h"
#include "sync/service/service_tuning.h"

#include <algorithm>

namespace yarrow::sync {
namespace {

std::uint64_t randomSeed()
{
    std::uint64_t seed = 0;
    crypto::fillRandom({reinterpret_cast<std::uint8_t*>(&seed), sizeof seed});
    return seed;
}

/// One per workstation, so that they do not pile up at the server: its own id.
std::string subscriptionOf(const ServerLink& link)
{
    return link.clientId.substr(link.clientId.find('.') + 1);
}

} // namespace

Instant SyncWorker::SteadyClock::now() const
{
    return Instant(
        std::chrono::duration_cast<Instant::duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

SyncWorker::SyncWorker(SyncEnvironment environment, Listener listener)
    : m_environment(std::move(environment))
    , m_listener(std::move(listener))
    , m_exchange({*m_environment.connection, m_environment.profile, m_environment.clock, m_environment.ids,
                  m_environment.clinic, m_environment.secrets},
                 m_cancelled)
    , m_schedule(m_steady, randomSeed())
    , m_thread([this] { work(); })
{}

SyncWorker::~SyncWorker()
{
    wake([this] { m_cancelled = true; });
    m_thread.join();
}

void SyncWorker::wake(const std::function<void()>& change)
{
    {
        const std::lock_guard lock(m_mutex);
        change();
    }
    m_wake.notify_one();
}

void SyncWorker::noteEdit()
{
    wake([this] {
        m_schedule.noteEdit();
        m_reload = true; // how much waits is told at once
    });
}

void SyncWorker::noteHint()
{
    wake([this] { m_schedule.noteHint(); });
}

void SyncWorker::request()
{
    wake([this] { m_schedule.request(); });
}

void SyncWorker::reload()
{
    wake([this] { m_reload = true; });
}

void SyncWorker::allowDeletions()
{
    wake([this] {
        m_deletionsAllowed = true;
        m_schedule.request();
    });
}

void SyncWorker::hintsClosed()
{
    wake([this] {
        m_hintsOpen = false;
        m_hintsNotBefore = m_steady.now() + tuning::kHintPause;
        if (m_subscriptionUnknown)
            m_schedule.noteHint(); // the next exchange makes it and opens the socket again
    });
}

void SyncWorker::subscriptionUnknown()
{
    wake([this] { m_subscriptionUnknown = true; });
}

void SyncWorker::work()
{
    std::unique_lock lock(m_mutex);
    while (!m_cancelled) {
        if (m_reload) {
            m_reload = false;
            m_reloadAt = m_steady.now() + tuning::kPoll;
            const auto toSend = m_facts.counts.waiting - m_facts.counts.quarantined;
            lock.unlock();
            readFacts();
            publish();
            lock.lock();
            m_schedule.setIdle(!m_facts.link || m_facts.link->paused);
            m_schedule.setStopped(m_facts.link && !m_facts.link->stopped.empty());
            if (m_facts.counts.waiting - m_facts.counts.quarantined > toSend)
                m_schedule.noteEdit(); // also one that another program made
            continue;
        }
        const auto due = m_schedule.dueAt();
        if (due && *due <= m_steady.now())
            exchange(lock);
        else
            waitFor(lock);
    }
}

void SyncWorker::waitFor(std::unique_lock<std::mutex>& lock)
{
    const Instant now = m_steady.now();
    if (now >= m_reloadAt) { // another program may have paused it, or changed records
        m_reload = true;
        return;
    }
    const Instant until = std::min(m_schedule.dueAt().value_or(m_reloadAt), m_reloadAt);
    m_wake.wait_for(lock, until - now);
}

void SyncWorker::readFacts()
{
    // What cannot be read now is read a little later; an exchange reports the failure.
    static_cast<void>(guarded([&] {
        Connection& connection = *m_environment.connection;
        m_facts.link = readServerLink(connection);
        m_facts.counts = outbox::counts(connection);
        readPerson();
        const auto exchanges = outbox::exchanges(connection);
        const auto complete = std::find_if(exchanges.begin(), exchanges.end(),
                                           [](const auto& one) { return one.outcome.empty(); });
        if (complete != exchanges.end()) {
            if (const auto at = parseInstant(complete->at))
                m_facts.completeAt = *at;
        }
    }));
}

void SyncWorker::readPerson()
{
    const Actor& person = m_environment.person;
    if (person.account.isEmpty())
        return;
    m_facts.now = accountStanding(*m_environment.connection, person.account);
    if (m_facts.atSignIn || !m_facts.now)
        return;
    m_facts.atSignIn = m_facts.now;
    m_facts.atSignIn->active = true;
    m_facts.atSignIn->role = person.role;
}

void SyncWorker::publish()
{
    const SyncStatus status = statusOf(m_facts);
    if (m_published == status)
        return;
    m_published = status;
    m_listener.status(status);
}

void SyncWorker::exchange(std::unique_lock<std::mutex>& lock)
{
    m_schedule.began();
    if (std::exchange(m_deletionsAllowed, false))
        m_exchange.allowDeletions();
    lock.unlock();
    readFacts();
    if (!m_facts.link || m_facts.link->paused) { // by another program, a moment ago
        publish();
        lock.lock();
        m_schedule.setIdle(true);
        m_schedule.ended(SyncReport());
        return;
    }
    m_facts.isRunning = true;
    publish();
    const SyncReport report = m_exchange.run();
    m_facts.isRunning = false;
    if (report.isComplete() || report.obstacle == Obstacle::Unsettled)
        m_facts.failingSince.reset();
    else if (!m_facts.failingSince)
        m_facts.failingSince = m_environment.clock.now();
    m_facts.last = report;
    readFacts();
    publish();
    m_listener.exchanged(report);
    openHints(report);
    lock.lock();
    m_schedule.setIdle(!m_facts.link || m_facts.link->paused);
    m_schedule.setStopped(m_facts.link && !m_facts.link->stopped.empty());
    m_schedule.ended(report);
}

void SyncWorker::openHints(const SyncReport& report)
{
    const auto& link = m_exchange.link();
    if (!report.isComplete() || !link || link->kind != ServerLink::Kind::Yarrow)
        return;
    bool isUnknown = false;
    {
        const std::lock_guard lock(m_mutex);
        isUnknown = m_subscriptionUnknown;
        if (m_hintsOpen || (!isUnknown && m_steady.now() < m_hintsNotBefore))
            return;
        m_subscriptionUnknown = false;
        m_hintsOpen = true;
    }
    const std::string id = subscriptionOf(*link);
    const std::string token = m_exchange.token();
    if (token.empty() || (isUnknown && !makeSubscription(id))) {
        hintsClosed();
        return;
    }
    m_listener.wantHints({QString::fromStdString(link->url), QByteArray::fromStdString(token),
                          QByteArray::fromStdString(link->caPem), QString::fromStdString(id)});
}

bool SyncWorker::makeSubscription(const std::string& id)
{
    Json subscription = Json::object();
    subscription.set("resourceType", "Subscription");
    subscription.set("id", id);
    subscription.set("status", "requested");
    subscription.set("reason", "Live updates of a workstation");
    subscription.set("criteria", "?");
    subscription.objectAt("channel").set("type", "websocket");
    HttpRequest request;
    request.method = Method::Put;
    request.url = "fhir/Subscription/" + id;
    request.headers.add("Content-Type", "application/fhir+json");
    request.body = subscription.dump();
    const auto answer = m_exchange.transport()->send(request);
    return answer && (answer->status == 200 || answer->status == 201);
}

} // namespace yarrow::sync
