// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

namespace yarrow::load {

/// Who speaks to the server.
struct Desk
{
    std::string token;
    std::string author; ///< account id
    std::string tenant;
};

struct Common
{
    std::string url;
    std::string certificate;
    std::vector<Desk> desks;
};

/// What a run found out, by name, in the order it is to be shown.
using Findings = std::vector<std::pair<std::string, double>>;

struct PushOptions
{
    int bundles = 40;
    int perBundle = 500;
    int connections = 4;
    int rounds = 2;           ///< one desk of a clinic of its own for each
    std::string database;     ///< of the server, as a role that sees every row
    std::string copyDatabase; ///< where the same rows are copied to, without row-level security
};
/// Pushes, then copies the same rows, and again.
[[nodiscard]] Findings push(const Common& common, const PushOptions& options);

/// Copies the rows that `tenant` has in `database` into fresh tables of `copyDatabase`, `perChunk` versions
/// per transaction, with COPY alone. Returns the seconds it took.
[[nodiscard]] double copyRows(const std::string& database, const std::string& copyDatabase,
                              const std::string& tenant, int perChunk);

struct FeedOptions
{
    int page = 1000;
    int readers = 1; ///< each reads the whole feed of the first desk
};
[[nodiscard]] Findings feed(const Common& common, const FeedOptions& options);

struct WorkstationOptions
{
    int seconds = 60;
    int pollEvery = 15;
    int writeEvery = 60;
};
/// One workstation per desk.
[[nodiscard]] Findings workstations(const Common& common, const WorkstationOptions& options);

struct SocketOptions
{
    int count = 1000;
    int serverPid = 0;
};
[[nodiscard]] Findings sockets(const Common& common, const SocketOptions& options);

} // namespace yarrow::load
