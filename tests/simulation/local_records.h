// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/db/connection.h"
#include "tests/simulation/oracle.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::simulation {

struct LocalRecord
{
    std::string body; ///< empty when deleted
    std::string version;
    bool deleted = false;
    bool isPending = false; ///< there are edits that no server has acknowledged
    bool isQuarantined = false;
    std::set<std::string> units;    ///< of those edits that go with edits of others
    std::vector<std::string> edits; ///< the documents of those edits, "" for a deletion
};

/// What a store says of its records and of how far it is in its exchange, read past the engine.
struct LocalState
{
    std::map<std::string, LocalRecord> records; ///< by "Type/id"
    std::set<std::string> refetch;
    std::set<std::string> conflicted; ///< records with an open conflict
    int pushes = 0;
    std::string epoch; ///< of the checkpoint; empty: there is none
    std::string scope;
    std::string since;
    std::string pageLink;
    bool isSweeping = false;

    [[nodiscard]] static LocalState read(Connection& connection);
    /// Gives every record, and whatever names it, another name.
    void rename(const std::function<std::string(std::string_view)>& name);
    /// Whether the edit is among those that no server has acknowledged.
    [[nodiscard]] bool waits(const Edit& edit) const;
    /// Whether some Task here names the text: a conflict, perhaps on its way to the server.
    [[nodiscard]] bool isInTask(std::string_view text) const;
};

/// The sequence number of a versionId; 0 for none.
[[nodiscard]] std::int64_t seqOf(std::string_view versionId);
[[nodiscard]] std::string epochOf(std::string_view versionId);

} // namespace yarrow::simulation
