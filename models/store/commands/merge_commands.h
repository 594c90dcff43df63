// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/patient_match.h"
#include "models/fhir/duplicate_task.h"
#include "models/store/commands/command_scope.h"
#include "models/store/search/duplicate_search.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace yarrow {

/// A pair of the worklist, with what is needed to decide about it.
struct ListedDuplicate
{
    DuplicatePair pair;
    std::optional<PatientHit> first; ///< nothing: the record is not here (any more)
    std::optional<PatientHit> second;
    MatchScore score; ///< as both records are now
};

/// The clinic's worklist of possible duplicates, and merging two records of one person. What is decided is a
/// Task that all workstations share (models/fhir/duplicate_task.h). Every call is checked against the role
/// table and audited; what one call writes goes to the server in one transaction, or not at all.
class MergeCommands
{
public:
    explicit MergeCommands(CommandScope& scope)
        : m_scope(scope)
    {}

    enum class Which { Open, Decided };
    [[nodiscard]] Result<std::vector<ListedDuplicate>> list(Which which,
                                                            bool again = false); ///< oldest first

    /// Puts two patients on the worklist, unless somebody has decided about them already.
    [[nodiscard]] Result<void> file(const PatientId& one, const PatientId& other);
    /// Two people: the pair is not shown again, on any workstation.
    [[nodiscard]] Result<void> markDifferent(const PatientId& one, const PatientId& other);

    struct Scanned
    {
        std::int64_t patients = 0; ///< compared with all others
        std::int64_t filed = 0;    ///< pairs
        std::int64_t left = 0;     ///< patients that changed and have not been compared yet
    };
    /// Compares patients that changed since the last scan, oldest change first, at most so many; files what
    /// it finds. Also gives records that came late, naming a record that was merged away, to the one in use.
    [[nodiscard]] Result<Scanned> scan(int atMost);

    struct Merged
    {
        std::int64_t moved = 0; ///< records that name the kept patient now
    };
    /// The record of `gone` is used no more: it becomes inactive, replaced by `kept`, which takes over what
    /// it lacks (numbers as old ones, names, contacts, addresses, birth date, sex); every record that names
    /// `gone` names `kept`. Payments stay with the record that they were made out to, which leads to the
    /// other. NotFound; InvalidArgument when they are one, or either is merged away already; Forbidden when
    /// the role may not change one of the records; LimitExceeded when they are more than the server takes at
    /// once.
    [[nodiscard]] Result<Merged> merge(const PatientId& kept, const PatientId& gone,
                                       const std::string& reason);

    struct Unmerged
    {
        std::int64_t restored = 0; ///< records that name the patient again
        /// What could not be put back as it was, since somebody changed it: elements of the kept patient
        /// ("telecom"), or records ("Appointment/7").
        std::vector<std::string> changedSince;
    };
    /// Takes the merge back by which `gone` went. What was added to the kept record goes from it; what was
    /// changed there since stays. NotFound when it was not merged away.
    [[nodiscard]] Result<Unmerged> unmerge(const PatientId& gone, const std::string& reason);

private:
    struct Document
    {
        Json json;
        std::int64_t revision = 0;
    };
    [[nodiscard]] Result<Document> read(RecordStore& records, const PatientId& id);
    [[nodiscard]] Result<void> decide(const PatientId& one, const PatientId& other,
                                      DuplicatePair::State state);
    [[nodiscard]] Result<void> writePair(RecordStore& records, const DuplicatePair& pair,
                                         const std::string& reason);
    [[nodiscard]] Result<std::vector<std::string>> pointTo(RecordStore& records,
                                                           const std::vector<std::string>& named,
                                                           const std::string& from, const std::string& to,
                                                           const std::string& reason);
    [[nodiscard]] Result<void> moveLateComers(RecordStore& records);
    [[nodiscard]] Result<void> takeLateRelations(RecordStore& records, DuplicatePair& pair);
    void signWith(DuplicatePair& pair) const;

    CommandScope& m_scope;
};

} // namespace yarrow
