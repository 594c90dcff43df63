// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "models/store/db/connection.h"
#include "models/store/records/feed_summary.h"
#include "models/store/records/patient_keys.h"
#include "models/store/records/record_erasure.h"
#include "models/store/records/record_store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow {

/// One version of a record as a server has it.
struct ServerVersion
{
    std::string type;
    std::string id;
    std::string version;                  ///< versionId
    std::string lastUpdated;              ///< the server's text
    std::optional<PreparedRecord> record; ///< nothing: deleted
    std::string author = {};              ///< account id at the server of who made it; empty: not known
};

/// An edit that no server has acknowledged. Consecutive edits of one author are sent as one version.
struct WaitingEdit
{
    std::int64_t seq = 0; ///< 0: not written yet
    std::string author;   ///< account id
    std::string device;
    std::string at;   ///< FHIR instant
    std::string unit; ///< empty: none
    std::string reason;
    std::optional<std::string> document; ///< after it; nothing: it deletes the record
    bool operator==(const WaitingEdit&) const = default;
};

/// An upload whose fate is not known yet.
struct Push
{
    std::string op;        ///< UUID
    std::int64_t upTo = 0; ///< WaitingEdit::seq
    std::string author;
    std::string unit;
    std::optional<std::string> document; ///< the bytes sent; nothing: a deletion
    std::string version;                 ///< that it was made from; empty: a new record
    std::string at;
};

/// A record with all that the exchange must know of it.
struct SyncRecord
{
    std::int64_t pk = 0;
    std::string type;
    std::string id;
    std::optional<std::string> body; ///< nothing: deleted
    std::optional<std::string>
        base;            ///< the server's document that the edits began from, or, without a version,
                         ///< one it has lost, or may have; nothing when there
                         ///< are no edits, or when there was no such document
    std::string version; ///< the server's; empty: it never had the record
    std::string lastUpdated;
    std::string author;        ///< account id of who last edited it here; empty: nobody
    std::string versionAuthor; ///< ServerVersion::author of `version`
    std::string patient;
    std::vector<WaitingEdit> edits; ///< oldest first
    std::optional<Push> push;
    bool quarantined = false;
    bool isCounted = false; ///< in the FeedSummary, under `version` as it was read

    /// It was deleted here or elsewhere, and the server has lost that, with the record itself. Who brings the
    /// record back may not know.
    [[nodiscard]] bool isLostDeletion() const noexcept
    {
        return !body && version.empty() && !lastUpdated.empty() && edits.empty();
    }

    /// Nothing waits but what a restored server was thought to have lost: it had acknowledged all of it.
    [[nodiscard]] bool isOfferedAgain() const noexcept
    {
        return version.empty() && !lastUpdated.empty() && base && edits.size() == 1 &&
               edits.front().document == base;
    }

    /// The document the server has, as far as is known here.
    [[nodiscard]] const std::optional<std::string>& atServer() const noexcept
    {
        static const std::optional<std::string> kNone;
        return version.empty() ? kNone : edits.empty() ? body : base;
    }
};

/// How one tells which of two versions is the newer one.
enum class VersionOrder {
    Sequence,    ///< yarrow-server: versionId ends in a number that only rises
    LastUpdated, ///< elsewhere
};

/// Of two instants as servers write them, to the last digit: -1, 0 or 1. Nothing when one is none.
[[nodiscard]] std::optional<int> compareInstants(std::string_view a, std::string_view b);

/// What the exchange with a server does to records, beside RecordStore that does what people do. Lives for
/// one transaction of its caller, on the caller's thread; finish() before the commit. Throws
/// SQLite::Exception like the rest of the store inside. Nothing here is audited: what a server's version
/// changes was audited where it was made.
class SyncRecords
{
public:
    SyncRecords(Connection& connection, const Clock& clock, VersionOrder order);

    enum class Taken {
        Stored,      ///< and it was a change
        Known,       ///< this version is stored, or a deletion of what is not here, or the record was erased
        Older,       ///< a newer one is stored
        BroughtBack, ///< nothing was done: see SyncRecord::isLostDeletion()
        HasEdits,    ///< nothing was done: it must be merged with what waits here
        UnderWay,    ///< nothing was done: the fate of an upload must be known first
        Unclear,     ///< nothing was done: which is newer can only be told by reading the record
    };
    /// A version from a feed, in the common case that nothing waits for its record here. `sweep`: the record
    /// was met in that one; 0: none.
    Taken take(const ServerVersion& version, std::int64_t sweep = 0);

    [[nodiscard]] std::optional<SyncRecord> find(std::string_view type, std::string_view id);
    [[nodiscard]] std::optional<SyncRecord> find(std::int64_t pk);
    /// Whether `version` is newer than what is stored; nothing when only the server can tell.
    [[nodiscard]] std::optional<bool> isNewer(const ServerVersion& version, const SyncRecord& stored) const;

    /// The server has `version` now, and `edits` are what still waits on top of it; the body is what the last
    /// of them says. `sameToPeople`: the new body differs from the old one in nothing that people see, so
    /// that a form that is open on it is not out of date. An upload that was under way is over.
    void rebase(const SyncRecord& record, const ServerVersion& version, const std::vector<WaitingEdit>& edits,
                bool sameToPeople);
    /// The server has stored what is here, as `version` and without any change that people or searches see;
    /// `body` is how. Nothing waits any more.
    void acknowledge(const SyncRecord& record, const ServerVersion& version, const std::string& body);
    /// The server never had the record, or has lost it: what is here is new to it. Edits stay; before them
    /// there is one now by `author`, who had made what was lost, or stands in for them. A deletion
    /// of what the server never had cannot be offered: see SyncRecord::isLostDeletion().
    void offerAgain(const SyncRecord& record, const std::string& author, const std::string& device);
    /// The upload of a new record that is under way has no answer, and the server was restored: it may have
    /// taken the record before, and others may have it. Its edits wait again, and it is offered even where a
    /// deletion waits behind them.
    void offerUnanswered(const SyncRecord& record);
    /// Forgets the copy of a record without edits that is none of this workstation's any more.
    void drop(const SyncRecord& record);

    /// The server has erased the record, for good; see RecordErasure. `version.version` is empty when it told
    /// so by refusing something.
    std::vector<RecordErasure::Erased> erase(const ServerVersion& version, std::int64_t sweep = 0);

    /// A record that was made and deleted here before any server knew of it: its edits go, and so do
    /// the conflicts about it that nobody else has seen.
    void forget(const SyncRecord& record);

    /// Whether the edit still waits on top of that version (empty: none), and nothing of it is under way.
    [[nodiscard]] bool isWaiting(std::int64_t pk, const std::string& version, std::int64_t edit);
    void beginPush(std::int64_t pk, const Push& push);
    void endPush(std::int64_t pk); ///< its edits wait again

    /// Records that no sweep since `sweep` has met at the server, although it had them. With a type: of that
    /// one, and only those that the server had not deleted.
    [[nodiscard]] std::vector<std::int64_t> unmet(std::int64_t sweep, const std::string& type = {});
    /// How many of them are there for people to see, and nothing waits for them.
    [[nodiscard]] std::int64_t countUnmet(std::int64_t sweep);
    [[nodiscard]] bool isMet(std::int64_t pk, std::int64_t sweep);
    void markMet(std::int64_t pk, std::int64_t sweep);

    [[nodiscard]] const FeedSummary& summary() const noexcept { return m_summary; }
    void finish(); ///< writes the summary, and what an erasure leaves to be done

private:
    [[nodiscard]] std::optional<SyncRecord> load(Query& query);
    void writeServerState(std::int64_t pk, const ServerVersion& version, bool hasEdits);
    void writeBody(const SyncRecord& record, const std::optional<PreparedRecord>& body, bool sameToPeople);
    void writeEdits(std::int64_t pk, const std::vector<WaitingEdit>& edits);
    std::optional<std::int64_t> patientRow(const std::string& patient);
    std::optional<bool> isNewerThan(const ServerVersion& version, std::string_view storedVersion,
                                    std::string_view storedLastUpdated) const;

    Connection& m_connection;
    const Clock& m_clock;
    VersionOrder m_order;
    PatientKeys m_patientKeys;
    RecordErasure m_erasure;
    FeedSummary m_summary;
    bool m_summaryChanged = false;
};

/// The number behind the last dot of yarrow-server's versionId ("k3fx.17" → 17); 0 when it is none.
[[nodiscard]] std::int64_t sequenceOf(std::string_view versionId) noexcept;
/// What stands before it: the epoch in which the version was made.
[[nodiscard]] std::string_view epochOf(std::string_view versionId) noexcept;

} // namespace yarrow
