// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/json.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow {

/// Two people changed the same thing without knowing of each other, or a booking was taken by somebody else.
/// Travels as a FHIR Task, so that anyone with the right settles it at any workstation; its focus is the
/// record it concerns, and it is protected like that record.
struct Conflict
{
    enum class Kind {
        Elements,     ///< both changed the same elements
        EditDeleted,  ///< edited here, deleted there; `mine` of the one element is the whole document
        DeleteEdited, ///< deleted here, edited there; `mine` of the one element is nothing
        Booking,      ///< the time was taken by another appointment; `mine` holds what was wished for
    };
    /// One disputed element. `path` as in sync::Dispute; empty: the whole document.
    struct Element
    {
        std::string path;
        std::optional<Json> base;
        std::optional<Json> mine;   ///< what the author of the losing edit wanted
        std::optional<Json> theirs; ///< what the server had, and every workstation shows
        bool operator==(const Element&) const = default;
    };
    /// What somebody decided for an element.
    struct Choice
    {
        enum class Take { Mine, Theirs, Value };
        std::string path;
        Take take = Take::Theirs;
        std::optional<Json> value; ///< with Value; nothing: the element is taken out
        bool operator==(const Choice&) const = default;
    };
    struct Settlement
    {
        std::string account; ///< id
        std::string name;    ///< of the person, for the screen
        std::string at;      ///< FHIR instant
        std::vector<Choice> choices;
        bool operator==(const Settlement&) const = default;
    };

    std::string id; ///< of the Task
    Kind kind = Kind::Elements;
    std::string focusType;
    std::string focusId;
    std::string patient; ///< FHIR id; empty: about no patient
    std::string author;  ///< account id of who made the losing edit
    std::string authorName;
    std::string device;
    std::string editedAt;      ///< FHIR instant of the losing edit
    std::string detectedAt;    ///< FHIR instant
    std::string theirsVersion; ///< versionId of the document that holds `theirs`; empty: it was deleted
    std::string theirsAuthor;  ///< account id of who made that version; empty: not known
    std::string theirsAuthorName;
    std::vector<Element> elements;
    std::optional<Settlement> settlement; ///< none: open
    bool operator==(const Conflict&) const = default;
};

[[nodiscard]] std::string_view conflictKindCode(Conflict::Kind kind) noexcept;

} // namespace yarrow

namespace yarrow::fhir {

/// Whether a document is a conflict's Task.
[[nodiscard]] bool isConflictTask(const Json& document) noexcept;
/// InvalidResource when an element is not as written by conflictTask().
[[nodiscard]] Result<Conflict> readConflict(const Json& task);
/// A new Task.
[[nodiscard]] Json conflictTask(const Conflict& conflict);
/// The Task settled: status completed and the choices; everything else stays as it was.
[[nodiscard]] Json settledTask(Json task, const Conflict::Settlement& settlement);

} // namespace yarrow::fhir
