// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/patient.h"
#include "models/store/commands/command_scope.h"
#include "models/store/read/clinic_reader.h"
#include "models/store/search/patient_search.h"

#include <vector>

namespace yarrow {

/// Finding, seeing and changing patients. Every call is checked against the role table and audited.
class PatientCommands
{
public:
    explicit PatientCommands(CommandScope& scope)
        : m_scope(scope)
    {}

    /// One settled search, audited with what was typed and how much was found. While somebody types, the
    /// screen searches on its read connection and calls noteSearch() once typing has paused.
    [[nodiscard]] Result<std::vector<PatientHit>> search(const std::string& typed, int limit);
    [[nodiscard]] Result<void> noteSearch(const std::string& typed, std::int64_t hits);

    struct Viewed
    {
        Patient patient;
        std::int64_t revision = 0;
        Json document;
        std::vector<ListedAppointment> appointments; ///< newest first
        bool unsent = false;                         ///< has an edit that no server has acknowledged
        bool conflicted = false;                     ///< a conflict about it waits for a decision
    };
    /// Opens the patient: it is the one that this person opened last. NotFound when there is no such patient.
    [[nodiscard]] Result<Viewed> view(const PatientId& id);

    struct Saved
    {
        PatientId id;
        std::int64_t revision = 0;
    };
    /// Registers when `patient.id` is empty, with a record number of this workstation's block; else writes
    /// onto the stored document what differs from it. `expectedRevision`: of the document the change was made
    /// on; Stale when there is a newer one. InvalidArgument when the patient does not pass validate().
    [[nodiscard]] Result<Saved> save(Patient patient, std::int64_t expectedRevision,
                                     const std::string& reason = {});

private:
    void number(Patient& patient);

    CommandScope& m_scope;
};

} // namespace yarrow
