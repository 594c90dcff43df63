// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/server_load/runs.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <functional>

using namespace yarrow::load;

namespace {

/// One desk a line: token, author's account id, tenant.
std::vector<Desk> readDesks(const std::string& file)
{
    std::vector<Desk> desks;
    std::ifstream stream(file);
    for (Desk desk; stream >> desk.token >> desk.author >> desk.tenant;)
        desks.push_back(desk);
    if (desks.empty())
        throw std::runtime_error("no desks in " + file);
    return desks;
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app("Load on a yarrow-server; tests/bench/bench_server.py sets everything up and calls this.");
    app.require_subcommand(1);
    app.fallthrough();
    Common common;
    std::string desks;
    app.add_option("--url", common.url, "https://host:port")->required();
    app.add_option("--certificate", common.certificate, "PEM file of whom to trust")->required();
    app.add_option("--desks", desks, "File: token, account id and tenant of a desk on each line")->required();
    std::function<Findings()> run;

    PushOptions pushing;
    CLI::App* push = app.add_subcommand("push", "Bundles, and the same rows by COPY");
    push->add_option("--bundles", pushing.bundles);
    push->add_option("--per-bundle", pushing.perBundle);
    push->add_option("--connections", pushing.connections);
    push->add_option("--rounds", pushing.rounds, "Each by another desk, of a clinic that is empty");
    push->add_option("--database", pushing.database, "URI of the server's database, as a superuser");
    push->add_option("--copy-database", pushing.copyDatabase, "URI of the database to copy the rows to");
    push->callback([&] { run = [&] { return yarrow::load::push(common, pushing); }; });

    FeedOptions reading;
    CLI::App* feed = app.add_subcommand("feed", "The first desk's whole feed");
    feed->add_option("--page", reading.page);
    feed->add_option("--readers", reading.readers);
    feed->callback([&] { run = [&] { return yarrow::load::feed(common, reading); }; });

    WorkstationOptions working;
    CLI::App* workstations = app.add_subcommand("workstations", "Every desk polls and writes");
    workstations->add_option("--seconds", working.seconds);
    workstations->add_option("--poll-every", working.pollEvery);
    workstations->add_option("--write-every", working.writeEvery);
    workstations->callback([&] { run = [&] { return yarrow::load::workstations(common, working); }; });

    SocketOptions listening;
    CLI::App* sockets = app.add_subcommand("sockets", "Idle WebSockets, then one change");
    sockets->add_option("--count", listening.count);
    sockets->add_option("--server-pid", listening.serverPid);
    sockets->callback([&] { run = [&] { return yarrow::load::sockets(common, listening); }; });

    CLI11_PARSE(app, argc, argv);
    try {
        common.desks = readDesks(desks);
        for (const auto& [name, value] : run())
            std::printf("%s\t%.6g\n", name.c_str(), value);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "yarrow-server-load: %s\n", error.what());
        return 1;
    }
}
