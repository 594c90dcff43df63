// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "models/fhir/conflict_task.h"
#include "models/store/records/record_store.h"
#include "models/store/records/sync_records.h"

#include <optional>
#include <string>
#include <vector>

namespace yarrow::sync {

/// Brings together what waits here and what the server has, record by record. Lives for one transaction of
/// its caller; `records` is the same transaction's.
class Reconciler
{
public:
    Reconciler(Connection& connection, const Clock& clock, const ClinicIdentity& clinic,
               SyncRecords& records);

    struct Outcome
    {
        bool merged = false; ///< both sides had changes, and all of them are kept
        int conflicts = 0;   ///< opened
    };

    /// The server has `version`, and edits wait on top of an older one.
    Outcome merge(const SyncRecord& record, const ServerVersion& version);

    /// The same after the server was restored: it has lost the version that the record's edits began from.
    /// That is an edit again, `lost`, made on `ancestor`, the newest version before it that the server still
    /// has.
    Outcome mergeLost(const SyncRecord& record, const std::optional<std::string>& ancestor,
                      const WaitingEdit& lost, const ServerVersion& version);

    /// A record whose deletion a restored server has lost (SyncRecord::isLostDeletion()) is back, as
    /// `version`: somebody brought it who may not have known. A person decides; every workstation asks the
    /// same.
    Outcome broughtBack(const SyncRecord& record, const ServerVersion& version);

    /// The server has stored what was sent, as `version`. Later edits stay on top of it.
    Outcome acknowledge(const SyncRecord& record, const ServerVersion& version);
    /// The same for the usual case: nobody has edited the record since, and the server stored what was sent
    /// as it was sent. False, and nothing was done, when the case is another.
    [[nodiscard]] bool acknowledgeAsSent(const SyncRecord& record, const ServerVersion& version,
                                         const Json& stored);

    /// A server that ignores preconditions has stored what was sent over `passedOver`, which nobody here had
    /// seen. What that had changed is put back, by `author`; where both changed the same, or one deleted what
    /// the other changed, a person decides. `record` is the record since the upload was acknowledged, `sent`
    /// as it was while that was under way.
    Outcome putBack(const SyncRecord& record, const SyncRecord& sent, const ServerVersion& passedOver,
                    const std::string& author);

    /// A booking that was refused because its time was taken: a new one goes on as `pending`, which holds no
    /// slot; of a moved one the server's time stands. What was wished for is in the conflict.
    Outcome bookingTaken(const SyncRecord& record);

    /// Two appointments hold the same time at a server that does not refuse that: `later` goes to the inbox,
    /// in the name of `author`. Whether that is new: settled or not, it is told once.
    bool overlapFound(const SyncRecord& later, const SyncRecord& earlier, const std::string& author);

    /// A patient got another number than the one the server refused: changes that wait with that one get it
    /// too.
    void giveNumber(const SyncRecord& record, const QString& refused, const QString& drawn);

    /// Whether the unit settles a conflict: of settlements the first one that the server knows stands. Other
    /// units are only sent together, and what disputes in them is a conflict of its own.
    [[nodiscard]] bool isSettlement(const std::string& unit);
    /// The edits of a unit that cannot be sent as a whole any more: all of them go.
    void dropUnit(const std::string& unit);

private:
    Outcome rebaseOnto(const SyncRecord& record, const std::optional<std::string>& base,
                       const std::vector<WaitingEdit>& edits, const ServerVersion& version);
    void openConflict(const SyncRecord& record, const WaitingEdit& edit, Conflict::Kind kind,
                      const ServerVersion& theirs, std::vector<Conflict::Element> elements);
    [[nodiscard]] Actor actorOf(const std::string& author) const;
    [[nodiscard]] std::string nameOf(const std::string& account) const;
    /// Whom a conflict about the record concerns: empty for nobody, and for a patient who was erased.
    [[nodiscard]] std::string patientOf(const SyncRecord& record) const;

    Connection& m_connection;
    const Clock& m_clock;
    const ClinicIdentity& m_clinic;
    SyncRecords& m_records;
};

/// The same bytes give the same UUID (version 8, RFC 9562).
[[nodiscard]] std::string uuidOf(const std::vector<std::string_view>& parts);

/// Consecutive edits of one author and unit as one: the last of them, with the reasons of all.
[[nodiscard]] std::vector<WaitingEdit> runsOf(const std::vector<WaitingEdit>& edits);

/// The version that a record has at the server, as far as is known here.
[[nodiscard]] ServerVersion knownVersion(const SyncRecord& record);

} // namespace yarrow::sync
