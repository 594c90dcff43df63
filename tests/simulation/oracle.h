// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/simulation/model_records.h"
#include "tests/simulation/scheduler.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::simulation {

/// What must hold and does not.
struct Violation
{
    int invariant = 0; ///< its number in the design
    std::string what;
};

/// A user's change that the store acknowledged. Its token is a text that came into the world with it, so that
/// wherever it stands, this edit arrived.
struct Edit
{
    int number = 0;
    int client = 0;
    std::string type;
    std::string id;
    std::string element; ///< "family", "slot", "delete"…; what a later edit overwrites
    std::string token;   ///< empty for a deletion
    std::string author;  ///< account id
    Micros at = 0;
    std::optional<int> overwrittenBy{}; ///< a later edit of the same workstation that saw this one
    bool lostWithDisk = false;          ///< the workstation went back to a copy from before
    bool isGivenUp = false;             ///< somebody discarded it in quarantine
    /// Others overwrote it on the server, before that went back to a backup.
    bool wasHistory = false;

    [[nodiscard]] std::string name() const { return type + "/" + id; }
    [[nodiscard]] bool isDeletion() const { return element == "delete"; }
};

/// A conflict that somebody settled at a workstation.
struct Settlement
{
    int client = 0;
    std::string author;
    std::string task; ///< "Task/id"
    std::string at;   ///< FHIR instant
    std::string record;
    bool isChange = false; ///< the record was changed with it
};

/// Knows what was done, independent of the engine: every acknowledged edit and every version of the server.
class Oracle
{
public:
    /// A text that stands nowhere yet.
    [[nodiscard]] std::string nextToken();
    [[nodiscard]] int tokens() const noexcept { return m_tokens; }

    /// `before`: the document the user saw, empty for none. Gives the edit its number.
    void edited(Edit edit, std::string_view before);
    void settled(Settlement settlement) { m_settlements.push_back(std::move(settlement)); }
    void gaveUp(int edit) { m_edits[static_cast<std::size_t>(edit)].isGivenUp = true; }
    /// Somebody took a settlement back: values may come again that were there before.
    void putBack(const std::string& record)
    {
        m_putBack.insert(underOwnNames ? underOwnNames(record) : record);
    }
    void lostDisk(int client, Micros copiedAt);

    /// A version of the server. `writer`: the client whose request made it, none for the server's own.
    void stored(const ModelVersion& version, const ModelRecords& records, std::optional<int> writer);
    /// The same of a server that is not ours, which knows no authors. `over`: what the version took the place
    /// of, as learned() has it; empty: nothing that lived. `checks`: the server minds preconditions, so
    /// that nothing may be passed over or come twice.
    void storedElsewhere(const ModelVersion& version, const std::string& over, std::optional<int> writer,
                         bool checks);
    /// After each request: what refers must find what it refers to.
    void checkReferences(const ModelVersion& version);
    void restored(std::int64_t backupSeq);
    /// The client has got to know these versions ("Type/id versionId").
    void learned(int client, const std::vector<std::string>& versions);

    void violated(int invariant, std::string what);
    [[nodiscard]] const std::optional<Violation>& violation() const noexcept { return m_violation; }

    [[nodiscard]] const std::vector<Edit>& edits() const noexcept { return m_edits; }
    [[nodiscard]] const std::vector<Settlement>& settlements() const noexcept { return m_settlements; }
    /// The versions that led to the server's present state.
    [[nodiscard]] const std::vector<ModelVersion>& lineage() const noexcept { return m_lineage; }
    /// Whether the server's present state goes back to that version ("Type/id versionId").
    [[nodiscard]] bool isInLineage(const std::string& version) const
    {
        return m_versionIds.contains(version);
    }
    /// Whether the text stands in some version of that record, or of a Task.
    [[nodiscard]] bool reached(const std::string& name, std::string_view token) const;
    [[nodiscard]] bool isInTask(std::string_view text) const;
    /// Whether the server ever had the record, on the way to its present state.
    [[nodiscard]] bool wasOnServer(const std::string& name) const { return m_versionsOf.contains(name); }
    /// Whether somebody deleted the record, which never came to the server if that was before it was sent.
    [[nodiscard]] bool wasDeletedByHand(const std::string& name) const;
    /// Whether the record's newest version before that one was a deletion.
    [[nodiscard]] bool wasDeletedBefore(const std::string& name, std::int64_t seq) const;
    [[nodiscard]] bool wasRestored() const noexcept { return m_restored; }
    [[nodiscard]] bool everLostDisk(int client) const { return m_diskLost.contains(client); }
    /// Another workstation begins with a copy of that one's disk, and so knows what that one knew.
    void copied(int from, int to) { m_learned[to] = m_learned[from]; }
    void shareFate(int client) { m_diskLost.insert(client); } ///< of a workstation that was copied

    /// Of a server that gives records ids of its own: a text with those in it, under the names that the
    /// records had where they were made, which are the oracle's.
    std::function<std::string(std::string_view)> underOwnNames;

private:
    void checkOverwriting(const ModelVersion& version, const ModelRecords& records, int writer);
    void remember(const ModelVersion& version);
    void checkTokens(const ModelVersion& version);

    int m_tokens = 0;
    bool m_restored = false;
    std::vector<Edit> m_edits;
    std::map<std::string, std::vector<int>> m_editsOf; ///< by "Type/id"
    std::vector<Settlement> m_settlements;
    std::set<std::string> m_putBack;
    std::vector<ModelVersion> m_lineage;
    std::set<std::string> m_versionIds;            ///< "Type/id versionId" of m_lineage
    std::map<std::string, std::string> m_lastLive; ///< by "Type/id": the newest body that was no deletion
    std::map<std::string, std::vector<std::size_t>> m_versionsOf; ///< by "Type/id": places in m_lineage
    std::map<int, std::set<std::string>> m_learned;               ///< by client
    std::set<int> m_diskLost;
    std::optional<Violation> m_violation;
};

} // namespace yarrow::simulation
