// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/simulation/client.h"
#include "tests/simulation/scenario.h"

#include <memory>
#include <optional>
#include <vector>

namespace yarrow::simulation {

/// One seed's run from the first cycle to the last check.
class Run
{
public:
    Run(std::uint64_t seed, PlantedBug bug, std::optional<std::set<std::string>> only, Scenario scenario);
    [[nodiscard]] RunResult result();

private:
    void setUp();
    void planCycle(Client& client, Micros delay);
    void sendSoon(Client& client, Micros delay);
    void reported(Client& client, const sync::SyncReport& report, const std::string& why);
    void take(const Step& step);
    void befall(const Step& step, Client& client);
    void changeServer(const Step& step, Client& client);
    void duplicate(const Client& client);
    void restoreServer();
    [[nodiscard]] std::string restless() const;
    void heal();
    /// Everybody's cycle, one after another; whether anything was exchanged.
    bool runRound(int round);
    void describe(const Violation& violation);
    void storedAt(std::int64_t first, std::int64_t last);
    void storedElsewhere(const OtherServer::Stored& made);
    [[nodiscard]] std::int64_t versions() const; ///< that the server has stored
    void letTimePass();

    Plan m_plan;
    World m_world;
    std::vector<std::unique_ptr<Client>> m_clients;
    std::map<int, std::pair<StoreFiles, Micros>> m_copies; ///< of a client's disk, and when it was taken
    std::optional<ModelRecords> m_backup;
    server::AreaSet m_deskAreas;
    bool m_isHealing = false;
};

} // namespace yarrow::simulation
