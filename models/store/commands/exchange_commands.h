// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/commands/command_scope.h"
#include "models/store/read/record_naming.h"
#include "models/store/sync/outbox.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow {

/// A record with edits that no server has acknowledged.
struct WaitingRecord
{
    enum class Change { Made, Edited, Deleted };
    enum class State { Waiting, UnderWay, Refused };
    /// Why the server did not take it.
    struct Refused
    {
        int status = 0;      ///< HTTP's
        std::string code;    ///< docs/server-errors.md
        std::string message; ///< the server's own sentence, in its language; empty when it gave none
        std::string element; ///< FHIRPath of what it is about; empty when it is not told
        std::int64_t attempts = 0;
        std::string since; ///< FHIR instant
        std::optional<Instant> retryAt =
            {}; ///< then it is sent again by itself; nothing: it waits for a person
        bool operator==(const Refused&) const = default;
    };
    RecordTitle title;
    Change change = Change::Edited;
    State state = State::Waiting;
    std::int64_t edits = 0;
    std::string authorName; ///< of the newest edit
    std::string since;      ///< FHIR instant of the oldest edit
    std::optional<Refused> refused;
    bool mayDiscard = false;
    bool operator==(const WaitingRecord&) const = default;
};

struct WaitingList
{
    std::vector<WaitingRecord>
        records;             ///< that the role may read; oldest first, at most as many as asked for
    std::int64_t more = 0;   ///< beyond these, that it may read
    std::int64_t hidden = 0; ///< that it may not read
    bool operator==(const WaitingList&) const = default;
};

/// How the exchange stands, as the database knows it.
struct ExchangeState
{
    bool hasServer = false;
    std::string serverUrl;
    bool isPaused = false;
    std::string stopped;        ///< why nothing is exchanged until somebody acts; empty: nothing is wrong
    std::int64_t waiting = 0;   ///< records with edits that are not at the server, refused ones included
    std::int64_t refused = 0;   ///< of them
    std::int64_t conflicts = 0; ///< open ones that the role may read
    bool isFirst = false;       ///< the server's records were never here completely yet
    std::string completedAt;    ///< FHIR instant of the last exchange that went well; empty: none is known
    std::optional<outbox::Exchange> last;
};

/// What waits for the server, and what it refused. Audited where something is changed or taken out.
class ExchangeCommands
{
public:
    explicit ExchangeCommands(CommandScope& scope)
        : m_scope(scope)
    {}

    [[nodiscard]] Result<ExchangeState> state();

    enum class Which { All, Refused };
    [[nodiscard]] Result<WaitingList> waiting(Which which, int limit = 200);
    /// Newest first.
    [[nodiscard]] Result<std::vector<outbox::Exchange>> lastExchanges();

    /// What the server refused is sent once more. How many records: those the role may change, or the one
    /// named (NotFound when it is not in quarantine).
    [[nodiscard]] Result<std::int64_t> retryAll();
    [[nodiscard]] Result<void> retry(std::string_view type, std::string_view id);

    /// Gives up the record's edits: it is as the server has it, and deleted here when the server never had
    /// it. Edits of other records that belong to the same unit go with them. `reason` is kept in the audit,
    /// with the digest of what is gone. InvalidArgument: "reason" when there is none, "under-way" while the
    /// answer of the server is awaited, "edited-since: Type/id" when another record of the unit was edited
    /// again, "needed-by: Type/id" when that record refers to one that would be gone. NotFound when nothing
    /// waits.
    [[nodiscard]] Result<void> discard(std::string_view type, std::string_view id, const std::string& reason);

    /// NotFound without a server.
    [[nodiscard]] Result<void> setPaused(bool paused);
    /// Writes into the audit that the signed-in person let the server delete many records here.
    [[nodiscard]] Result<void> noteDeletionsAllowed();

private:
    Result<void> mayChange(std::string_view type, std::string_view id);
    Result<void> checkNotNeeded(const StoredRecord& record);

    CommandScope& m_scope;
};

} // namespace yarrow
