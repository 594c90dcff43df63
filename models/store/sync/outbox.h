// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "models/store/db/connection.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What waits to be exchanged with the server. All functions throw SQLite::Exception like the rest of the
/// store inside; those that write do so in a transaction of their caller's.
namespace yarrow::outbox {

/// Records with edits that may be sent now, in the order of their oldest edit: neither under way nor in
/// quarantine. resource.pk.
[[nodiscard]] std::vector<std::int64_t> ready(Connection& connection);
/// Records with an upload whose fate is not known. resource.pk, in the order they were sent.
[[nodiscard]] std::vector<std::int64_t> underWay(Connection& connection);
/// Records that have edits of this unit. resource.pk.
[[nodiscard]] std::vector<std::int64_t> ofUnit(Connection& connection, const std::string& unit);
/// A record's part in a unit.
struct UnitEdits
{
    std::int64_t pk = 0;
    std::string type;
    std::string id;
    std::int64_t firstSeq = 0; ///< of the unit's edits
    bool isLast = true;        ///< no other edit has been made on top of them
    bool isUnderWay = false;   ///< they may be at the server already
};
/// By resource.pk; empty: all of it was sent, or there never was such a unit.
[[nodiscard]] std::vector<UnitEdits> editsOfUnit(Connection& connection, const std::string& unit);
/// All edits of a record, and what in other records belongs to the same units. The record itself comes first
/// and is always `isLast`; empty: nothing waits.
[[nodiscard]] std::vector<UnitEdits> unitsOf(Connection& connection, std::int64_t pk);
/// Whether no server has the record yet, although it waits to be sent.
[[nodiscard]] bool isNewHere(Connection& connection, std::string_view type, std::string_view id);
/// Whether there is nothing of that id here that people see.
[[nodiscard]] bool isUnknown(Connection& connection, std::string_view type, std::string_view id);

/// Appointments that hold time of the same practitioner, room or device as this one does, overbookings aside.
/// resource.pk.
[[nodiscard]] std::vector<std::int64_t> overlapping(Connection& connection, std::int64_t appointment);
/// Whether edits of the record wait for the server.
[[nodiscard]] bool hasEdits(Connection& connection, std::string_view type, std::string_view id);
/// Whether a conflict about the record waits for a decision.
[[nodiscard]] bool hasOpenConflict(Connection& connection, std::string_view type, std::string_view id);

struct Counts
{
    std::int64_t waiting = 0;     ///< records with edits that are not at the server, quarantine included
    std::int64_t quarantined = 0; ///< of them those in quarantine
    std::int64_t conflicts = 0;   ///< open ones
    bool operator==(const Counts&) const = default;
};
[[nodiscard]] Counts counts(Connection& connection);

/// Why a record's edits are not sent any more.
struct Refusal
{
    int status = 0;      ///< HTTP's
    std::string code;    ///< the server's, or one of ours; docs/server-errors.md
    std::string outcome; ///< OperationOutcome, or empty
};
void quarantine(Connection& connection, std::int64_t pk, std::int64_t upTo, const Refusal& refusal,
                const std::string& at);
/// Why the record is in quarantine; nothing: it is not.
[[nodiscard]] std::optional<Refusal> refusalOf(Connection& connection, std::string_view type,
                                               std::string_view id);
/// Its edits, and those of the units they belong to, wait again.
void release(Connection& connection, std::int64_t pk);
[[nodiscard]] bool isQuarantined(Connection& connection, std::int64_t pk);

/// How often and since when the server has answered a record's upload with an error of its own (5xx).
struct WriteFailure
{
    int failures = 0; ///< since the last rest
    Instant since{};  ///< of the first of them
    int rests = 0;
};
[[nodiscard]] WriteFailure noteWriteFailure(Connection& connection, std::int64_t pk, Instant now);
/// Records whose uploads failed so and that do not rest; those that failed least often first. resource.pk.
[[nodiscard]] std::vector<std::int64_t> failing(Connection& connection);
/// Into quarantine, for `first` and each time twice as long, at most `longest`. Then rested() names it.
void rest(Connection& connection, std::int64_t pk, std::int64_t upTo, const Refusal& refusal, Instant now,
          std::chrono::milliseconds first, std::chrono::milliseconds longest);
/// Records in quarantine whose rest is over. resource.pk.
[[nodiscard]] std::vector<std::int64_t> rested(Connection& connection, Instant now);

/// Records of which the server has a version that could not be taken yet.
void refetch(Connection& connection, std::string_view type, std::string_view id);
[[nodiscard]] std::vector<std::pair<std::string, std::string>> toRefetch(Connection& connection);
void refetched(Connection& connection, std::string_view type, std::string_view id);

/// Appointments of which a server that takes double bookings has a new version, and which were not compared
/// with the others yet. Ids.
void noteBooking(Connection& connection, std::string_view id);
[[nodiscard]] std::vector<std::string> bookingsToCompare(Connection& connection);
void bookingCompared(Connection& connection, std::string_view id);

/// How far a feed has been read.
struct Checkpoint
{
    std::string epoch;
    std::string scope;
    std::string since;      ///< the server's text; empty: from the beginning
    std::string newest;     ///< versionId of the newest version taken; empty: none
    std::string pageLink;   ///< the page to go on with; empty: none
    std::int64_t sweep = 0; ///< the sweep under way; 0: none
    std::string reason;     ///< of the sweep
    bool operator==(const Checkpoint&) const = default;
};
/// A feed that was never read begins with a sweep of the reason `first`.
[[nodiscard]] Checkpoint checkpoint(Connection& connection, const std::string& feed);
void setCheckpoint(Connection& connection, const std::string& feed, const Checkpoint& checkpoint);
/// A number that no sweep had before.
[[nodiscard]] std::int64_t nextSweep(Connection& connection);

/// A first exchange that comes as files, and how far it has come.
struct BulkExport
{
    std::string statusUrl;
    std::string manifest; ///< JSON; empty: the server has not made the files yet
    std::int64_t nextFile = 0;
};
[[nodiscard]] std::optional<BulkExport> bulkExport(Connection& connection);
void setBulkExport(Connection& connection, const std::optional<BulkExport>& bulkExport);

/// The account's id at the server.
[[nodiscard]] std::string serverAccount(Connection& connection, const std::string& account);
/// The account's id here, of its id at the server.
[[nodiscard]] std::string localAccount(Connection& connection, const std::string& remote);

struct Exchange
{
    std::string at; ///< FHIR instant
    double seconds = 0;
    std::int64_t pulled = 0;
    std::int64_t pushed = 0;
    std::int64_t merged = 0;
    std::int64_t conflicts = 0;
    std::int64_t quarantined = 0;
    std::string outcome; ///< empty when all went well
    /// What people should know of the audit chain: incarnation-restored, incarnation-copied,
    /// incarnation-moved (a new one began), audit-broken (the server found that it does not hold together),
    /// audit-not-sent.
    std::string note = {};
};
/// Of the last ones some are kept.
void addExchange(Connection& connection, const Exchange& exchange);
[[nodiscard]] std::vector<Exchange> exchanges(Connection& connection); ///< newest first

} // namespace yarrow::outbox
