// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/network.h"

#include "tests/simulation/client.h"
#include "tests/simulation/planted.h"

#include <algorithm>
#include <utility>

namespace yarrow::simulation {

using sync::HttpRequest;
using sync::HttpResponse;
using sync::TransportError;
using Reason = sync::TransportError::Reason;

namespace {

constexpr int kMostRequestsOfCycle = 2000;

tl::unexpected<TransportError> failed(Reason reason, bool sent)
{
    return tl::unexpected(TransportError{reason, sent, {}});
}

/// As something between client and server answers, not the server.
HttpResponse plainAnswer(int status, const char* retryAfter = nullptr)
{
    HttpResponse response;
    response.status = status;
    response.headers.add("Content-Type", "text/html");
    if (retryAfter)
        response.headers.add("Retry-After", retryAfter);
    response.body = "<html><body>" + std::to_string(status) + "</body></html>";
    return response;
}

bool writes(const HttpRequest& request)
{
    return request.method != sync::Method::Get;
}

bool isAboutAudit(const HttpRequest& request)
{
    return request.url.find("/api/v1/audit/") != std::string::npos;
}

bool writesRecords(const HttpRequest& request)
{
    return writes(request) && request.url.find("fhir") != std::string::npos;
}

const char* reasonName(Reason reason)
{
    switch (reason) {
    case Reason::Unreachable:
        return "unreachable";
    case Reason::TimedOut:
        return "timed out";
    case Reason::CutOff:
        return "cut off";
    case Reason::Untrusted:
        return "untrusted";
    case Reason::Unauthorised:
        return "unauthorised";
    case Reason::TooLarge:
        return "too large";
    case Reason::Cancelled:
        return "cancelled";
    }
    return "?";
}

} // namespace

SimulatedNetwork::SimulatedNetwork(World& world, Client& client)
    : m_world(world)
    , m_client(client)
{}

std::optional<TransportError> SimulatedNetwork::failureBeforeSend()
{
    if (m_client.isDead())
        return TransportError{Reason::Cancelled, false, {}};
    if (m_client.engineHoldsTransaction())
        m_world.oracle.violated(7,
                                m_client.name() + " holds a transaction open while it waits for the network");
    if (++m_requestsOfCycle > kMostRequestsOfCycle) {
        m_world.oracle.violated(10, m_client.name() + " sends without end in one cycle");
        return TransportError{Reason::Cancelled, false, {}};
    }
    if (m_world.isOver())
        return TransportError{Reason::Cancelled, false, {}};
    if (m_client.isOffline)
        return TransportError{Reason::Unreachable, false, {}};
    if (const auto device = m_world.server.devices.find(m_client.device());
        device == m_world.server.devices.end() || device->second.revoked)
        return TransportError{Reason::Unauthorised, false, {}};
    if (m_world.choices.strikes("crash-before-send", m_client.name(), m_world.weather.crashAtSend)) {
        m_client.crash();
        return TransportError{Reason::Cancelled, false, {}};
    }
    return std::nullopt;
}

tl::expected<HttpResponse, TransportError> SimulatedNetwork::send(const HttpRequest& request)
{
    if (auto failure = failureBeforeSend())
        return tl::unexpected(std::move(*failure));
    Choices& choices = m_world.choices;
    const Weather& weather = m_world.weather;
    const std::string& who = m_client.name();
    const auto exchange = std::make_shared<Exchange>();
    exchange->request = spoiled(request, m_world.planted, m_client.person(), m_operationsSent);
    exchange->name = "#" + std::to_string(++m_exchanges);
    exchange->wait = m_client.waiting() + 1;
    exchange->epoch = m_world.server.records.epoch();
    m_world.say(who, exchange->name + " " + sync::methodName(request.method) + " " + request.url +
                         (request.body.empty() ? "" : " " + std::to_string(request.body.size()) + " bytes"));
    m_client.noteSending(exchange->request);
    const bool isAudit = isAboutAudit(request);
    if ((m_world.planted == PlantedBug::PushUnsynced && isAudit) ||
        (m_world.planted == PlantedBug::AuditUnsynced && writesRecords(request)))
        m_client.bringToDisk(); // the other one does as it should
    ++m_traffic.requests;
    m_traffic.bytesSent += static_cast<std::int64_t>(request.body.size());

    Dice dice = choices.dice("net." + who + exchange->name);
    Micros delay = dice.between(5, 60) * kMillisecond;
    const Micros timeout = std::chrono::duration_cast<std::chrono::microseconds>(request.timeout).count();
    if (choices.strikes("slow", who, weather.slow))
        delay += dice.between(1, 20) * kSecond;
    if (choices.strikes("late-request", who, weather.lateRequest))
        delay = timeout + dice.between(1, 120) * kSecond;
    if (!choices.strikes("lost-request", who, weather.lostRequest))
        m_world.scheduler.after(delay, [this, exchange, dice]() { deliver(exchange, dice); });
    if (choices.strikes("duplicate", who, weather.duplicate))
        m_world.scheduler.after(delay + dice.between(0, 40'000) * kMillisecond,
                                [this, exchange, dice]() { deliver(exchange, dice); });
    if (choices.strikes("crash-in-flight", who, weather.crashAtSend))
        m_world.scheduler.after(delay + 1, [this]() {
            m_client.crash();
            m_client.rebootIfIdle();
        });
    m_world.scheduler.after(timeout,
                            [this, exchange]() { arrive(exchange, failed(Reason::TimedOut, true)); });

    m_client.wait();
    m_client.applyDiskLimitToEngine();
    if (m_client.isDead())
        return failed(Reason::Cancelled, true);
    if (exchange->outcome) {
        m_world.oracle.learned(m_client.number(), exchange->shown);
        m_traffic.bytesReceived += static_cast<std::int64_t>(exchange->outcome->body.size());
        if (m_world.planted == PlantedBug::CursorBeforePage)
            saveCursorOf(*exchange->outcome, m_client);
    }
    return exchange->outcome;
}

/// What keeps a request from the server's own code.
std::optional<HttpResponse> SimulatedNetwork::refusalOnTheWay(const Exchange& exchange)
{
    Choices& choices = m_world.choices;
    const Weather& weather = m_world.weather;
    const std::string& who = m_client.name();
    if (choices.strikes("429", who, weather.busy))
        return plainAnswer(429, "7");
    if (choices.strikes("503", who, weather.busy))
        return plainAnswer(503, "3");
    if (choices.strikes("500", who, weather.serverError))
        return plainAnswer(500);
    constexpr std::size_t kSmall = 1500;
    if (writes(exchange.request) && exchange.request.body.size() > kSmall &&
        choices.strikes("413", who, weather.tooLarge))
        return plainAnswer(413);
    if ((exchange.request.url.find("_page=") != std::string::npos ||
         exchange.request.url.find("_offset=") != std::string::npos) &&
        choices.strikes("expired-link", who, weather.expiredLink))
        return plainAnswer(410);
    if (exchange.request.url.find("/$export-") != std::string::npos &&
        choices.strikes("export-gone", who, weather.expiredLink))
        return plainAnswer(404);
    return std::nullopt;
}

void SimulatedNetwork::deliver(const std::shared_ptr<Exchange>& exchange, Dice dice)
{
    if (auto refusal = refusalOnTheWay(*exchange)) {
        m_world.say("srv", m_client.name() + exchange->name + " refused " + std::to_string(refusal->status));
        answer(exchange, {std::move(*refusal), {}}, dice);
        return;
    }
    const std::string before = m_world.server.records.epoch();
    // No connection outlives the server's restoring. (Writes to records say what they know, whenever they
    // come.)
    if (isAboutAudit(exchange->request) && exchange->epoch != before)
        return;
    m_world.writer = m_client.number();
    ModelAnswer made =
        m_world.other ? m_world.other->handle(exchange->request)
                      : m_world.server.handle(m_client.device(), exchange->request, m_world.serverTime());
    m_world.writer.reset();
    m_world.say("srv",
                m_client.name() + exchange->name + " " + std::to_string(made.response.status) + " seq " +
                    std::to_string(m_world.other ? m_world.other->versions() : m_world.server.records.seq()) +
                    (before == m_world.server.records.epoch() ? "" : ", another epoch"));
    if (m_world.choices.strikes("500-after-commit", m_client.name(), m_world.weather.serverError))
        made = {plainAnswer(502), {}};
    answer(exchange, std::move(made), dice);
}

void SimulatedNetwork::answer(const std::shared_ptr<Exchange>& exchange, ModelAnswer made, Dice dice)
{
    Choices& choices = m_world.choices;
    const Weather& weather = m_world.weather;
    const std::string& who = m_client.name();
    if (exchange->isAnswered || choices.strikes("lost-answer", who, weather.lostAnswer))
        return;
    Micros delay = dice.between(5, 60) * kMillisecond;
    if (choices.strikes("slow-answer", who, weather.slow))
        delay += dice.between(1, 20) * kSecond;
    Outcome outcome = std::move(made.response);
    if (choices.strikes("cut-off", who, weather.cutOff)) {
        outcome = failed(Reason::CutOff, true);
    } else if (choices.strikes("garbage", who, weather.garbage)) {
        outcome->body = "\x1f\x8b<not what it should be>";
        made.shown.clear();
    } else if (!outcome->body.empty() && choices.strikes("truncated", who, weather.truncated)) {
        outcome->body.resize(static_cast<std::size_t>(dice.below(static_cast<int>(outcome->body.size()))));
        made.shown.clear();
    }
    m_world.scheduler.after(delay, [this, exchange, outcome = std::move(outcome), shown = made.shown]() {
        if (!exchange->isAnswered)
            exchange->shown = shown;
        arrive(exchange, outcome);
    });
}

void SimulatedNetwork::arrive(const std::shared_ptr<Exchange>& exchange, Outcome outcome)
{
    if (std::exchange(exchange->isAnswered, true))
        return;
    m_world.say(m_client.name(), exchange->name + " -> " +
                                     (outcome ? std::to_string(outcome->status)
                                              : std::string(reasonName(outcome.error().reason))));
    exchange->outcome = std::move(outcome);
    m_client.wake(exchange->wait);
}

} // namespace yarrow::simulation
