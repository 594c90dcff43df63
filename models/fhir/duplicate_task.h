// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/json.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow {

/// Two patients who may be one person, and what was decided about them. Kept as a FHIR Task, so that all
/// workstations of the clinic share it: `focus` and an input are the two, `status` says where it stands
/// (requested: open; rejected: two people; completed: merged; cancelled: merged and taken apart again). The
/// id comes from the two patients' ids: whoever finds the pair makes the same Task.
struct DuplicatePair
{
    enum class State { Open, Different, Merged, Unmerged };

    /// What a merge wrote into the record that stays, element by element: to be taken back.
    struct Change
    {
        std::string element;
        std::optional<Json> before;
        std::optional<Json> after;
        bool operator==(const Change&) const = default;
    };

    std::string id; ///< of the Task
    std::string first;
    std::string second; ///< FHIR ids of the patients, in order of text
    State state = State::Open;
    std::string foundAt; ///< FHIR instant
    std::string decidedAt;
    std::string account; ///< account id of who decided
    std::string name;    ///< their name
    // Of a merge.
    std::string kept;               ///< the patient whose record is used
    bool wasActive = true;          ///< the other record, before
    std::vector<std::string> moved; ///< "Type/id": records that named the other and name this one now
    std::vector<Change> changes;
    bool operator==(const DuplicatePair&) const = default;

    [[nodiscard]] const std::string& gone() const noexcept { return kept == first ? second : first; }
};

[[nodiscard]] std::string_view duplicateStateCode(DuplicatePair::State state) noexcept;

namespace fhir {

/// The two in order, with the id of their Task.
[[nodiscard]] DuplicatePair duplicatePair(const std::string& onePatient, const std::string& otherPatient);

[[nodiscard]] bool isDuplicateTask(const Json& document) noexcept;
/// InvalidResource when it is none that can be read.
[[nodiscard]] Result<DuplicatePair> readDuplicate(const Json& task);
/// Writes the pair over the document it was read from, or makes a new one of an empty document.
void writeDuplicate(const DuplicatePair& pair, Json& task);

} // namespace fhir
} // namespace yarrow
