// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fhir/conflict_task.h"
#include "models/store/commands/command_scope.h"
#include "models/store/read/clinic_reader.h"
#include "models/store/read/record_naming.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace yarrow {

/// One step on the way to a disputed element, for naming it.
struct ConflictPathStep
{
    std::string name;                                     ///< FHIR's; empty for a group
    std::vector<std::pair<std::string, std::string>> key; ///< of the item of a list: system → phone
    std::vector<std::string> members;                     ///< of a group or choice: `start`, `deceased[x]`
    bool operator==(const ConflictPathStep&) const = default;
};
/// None for the whole record, and for what is no path.
[[nodiscard]] std::vector<ConflictPathStep> pathSteps(const std::string& path);

/// A conflict in a list.
struct ListedConflict
{
    Conflict conflict;
    RecordTitle title;   ///< of the record it concerns, as it is now
    bool isMine = false; ///< the losing edit was the acting user's own
    bool maySettle = false;
};

/// A conflict with all that is needed to settle it.
struct ShownConflict
{
    Conflict conflict;
    RecordTitle title;
    bool isMine = false; ///< as with ListedConflict
    bool maySettle = false;
    std::optional<Json> present;          ///< the record as it is now; nothing: deleted
    std::int64_t revision = 0;            ///< of the record; hand it back with the choices
    std::vector<std::optional<Json>> now; ///< what stands at each element's path, in the elements' order
    std::string presentAt;                ///< FHIR instant of the server's newest version; empty: not known
    std::map<std::string, std::string> names; ///< of what the values refer to: "Practitioner/7" → its name
    /// Of a booking: what was wished for, and who has the time now, if anybody.
    std::optional<Appointment> wished;
    std::optional<ListedAppointment> holder;
};

/// What a settlement did, for taking it back.
struct SettledConflict
{
    struct Replaced
    {
        std::string path; ///< empty: the whole record
        std::optional<Json> before;
        std::optional<Json> after;
        bool operator==(const Replaced&) const = default;
    };
    std::string id;
    std::string at; ///< FHIR instant
    std::string unit;
    std::string focusType;
    std::string focusId;
    std::vector<Replaced> replaced; ///< in the order they were written; empty: the record stayed as it was
    bool operator==(const SettledConflict&) const = default;
};

/// Seeing and settling what two people changed without knowing of each other. A conflict is protected like
/// the record it concerns: who may read that sees it, who may change that settles it. Audited.
class ConflictCommands
{
public:
    explicit ConflictCommands(CommandScope& scope)
        : m_scope(scope)
    {}

    enum class Which {
        Open,    ///< oldest first
        Settled, ///< the last ones, newest first
    };
    /// Those the role may read. `again`: a list that is on screen is read once more, which is not audited.
    [[nodiscard]] Result<std::vector<ListedConflict>> list(Which which, bool again = false);
    /// How many open ones the role may read.
    [[nodiscard]] Result<std::int64_t> countOpen();
    /// NotFound when there is no such conflict.
    [[nodiscard]] Result<ShownConflict> show(const std::string& id);

    /// Every element needs a choice, each once (else InvalidArgument). Writes the record and the Task in one
    /// unit: the server takes both, or neither if somebody else has settled first. `revision`: of the record
    /// as it was shown. Refused with nothing written: Stale, also "settled by … at …" in the context;
    /// NotFound when values are taken into a record that was deleted since; SlotTaken when the time of an
    /// appointment is not free; InvalidArgument or InvalidResource when a value cannot stand where it is put.
    [[nodiscard]] Result<SettledConflict> settle(const std::string& id,
                                                 const std::vector<Conflict::Choice>& choices,
                                                 std::optional<std::int64_t> revision = {});
    /// Settles a booking that was taken with another time and place: what was wished for, moved there.
    [[nodiscard]] Result<SettledConflict> rebook(const std::string& id, const Opening& opening,
                                                 std::optional<std::int64_t> revision = {});

    enum class Undone {
        Reopened, ///< nothing had been sent: the conflict is open again
        PutBack,  ///< the record is as it was before, by a new edit; the conflict stays settled
    };
    /// Takes a settlement back. Stale when the record has been changed since; InvalidArgument "under-way"
    /// while the answer of the server is awaited, "nothing-to-put-back" when it was sent and had left the
    /// record as it was.
    [[nodiscard]] Result<Undone> undo(const SettledConflict& settled);
    /// What the acting user settled at this workstation in the last days and nobody took back, oldest first.
    [[nodiscard]] Result<std::vector<SettledConflict>> undoable();

private:
    struct Found;
    /// NotFound when there is none.
    Result<Found> find(RecordStore& records, const std::string& id);
    /// Found, open, at that revision and within the role's rights; else refused, and that audited.
    Result<Found> findOpen(const std::string& id, std::optional<std::int64_t> revision);
    ShownConflict describe(Found found);
    Result<SettledConflict> write(const Found& found, const std::vector<Conflict::Choice>& choices);
    Result<void> writeRecord(RecordStore& records, const Conflict& conflict,
                             const std::optional<Json>& before, const std::optional<Json>& after,
                             const std::string& reason);
    Result<void> checkBooking(const std::optional<Json>& before, const Json& after);
    Result<bool> takeBackUnit(const SettledConflict& settled);
    Result<Undone> putBack(const SettledConflict& settled);
    bool mayDo(Operation operation, const Conflict& conflict);
    bool isMine(const Conflict& conflict);
    Area areaOfFocus(const Conflict& conflict);

    CommandScope& m_scope;
};

/// What the commands above work on.
struct ConflictCommands::Found
{
    Conflict conflict;
    Json task;
    std::optional<Json> present; ///< the record; nothing: deleted, or never here
    std::int64_t revision = 0;   ///< of it
    std::int64_t pk = 0;
};

} // namespace yarrow
