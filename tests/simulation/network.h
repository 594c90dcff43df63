// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/transport/transport.h"
#include "tests/simulation/world.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace yarrow::simulation {

class Client;

/// What lies between a workstation and the server: takes its time, loses, repeats, delays and garbles.
class SimulatedNetwork final : public sync::Transport
{
public:
    SimulatedNetwork(World& world, Client& client);

    /// On the client's fiber.
    [[nodiscard]] tl::expected<sync::HttpResponse, sync::TransportError>
    send(const sync::HttpRequest& request) override;
    [[nodiscard]] Traffic traffic() const override { return m_traffic; }

    void beginCycle() { m_requestsOfCycle = 0; }

private:
    using Outcome = tl::expected<sync::HttpResponse, sync::TransportError>;
    /// A request under way. Outlives the wait for it: what comes too late still finds the server.
    struct Exchange
    {
        sync::HttpRequest request;
        std::string name;  ///< in the trace
        int wait = 0;      ///< of the client
        std::string epoch; ///< of the server, when it was sent
        bool isAnswered = false;
        Outcome outcome;
        std::vector<std::string> shown;
    };

    [[nodiscard]] std::optional<sync::TransportError> failureBeforeSend();
    void deliver(const std::shared_ptr<Exchange>& exchange, Dice dice);
    [[nodiscard]] std::optional<sync::HttpResponse> refusalOnTheWay(const Exchange& exchange);
    void answer(const std::shared_ptr<Exchange>& exchange, ModelAnswer answer, Dice dice);
    void arrive(const std::shared_ptr<Exchange>& exchange, Outcome outcome);

    World& m_world;
    Client& m_client;
    Traffic m_traffic;
    int m_exchanges = 0;
    int m_requestsOfCycle = 0;
    std::map<std::string, int> m_operationsSent;
};

} // namespace yarrow::simulation
