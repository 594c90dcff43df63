// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/json.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::sync {

/// An element that both sides changed, each in its own way. A side without the element has nothing there.
struct Dispute
{
    /// Names the element for withElement(): members parted by dots, items of a list by what identifies them:
    /// `birthDate`, `name[use=official].family`, `telecom[system=phone,use=mobile].value`,
    /// `participant[actor=Practitioner/7]`. A group is `{start,end,status,participant}`, its values are
    /// objects of the members that are there. Empty: the whole document.
    std::string path;
    std::optional<Json> base;
    std::optional<Json> mine;
    std::optional<Json> theirs;
    bool operator==(const Dispute&) const = default;
};

struct Merged
{
    Json document; ///< all undisputed changes of both sides; theirs where they dispute
    std::vector<Dispute> disputes;
};

/// Three-way merge of a FHIR resource, element by element: one side's change is taken, the same change of
/// both is taken once, different changes dispute. Pure: the same arguments give the same result, to the byte;
/// no clock, no I/O; any thread.
///
/// `base` is the server's document that `mine` was edited from, `theirs` the server's present one. All three
/// are of the same type and id. Member order and unknown elements are theirs', with what only mine has put
/// where mine has it. `meta.versionId` and `meta.lastUpdated` (and `meta.source` when theirs has one) are
/// theirs' and never dispute; `text` (the narrative) never disputes either: when both changed it, or anything
/// else merged, theirs' is taken.
///
/// By type: allergies, prescriptions (MedicationRequest) and signed notes (Composition, DocumentReference,
/// ClinicalImpression, DiagnosticReport that are final or amended) dispute whole when both sides changed
/// anything but meta and text; so do AuditEvent and final Observations, which nobody changes.
[[nodiscard]] Merged merge(const Json& base, const Json& mine, const Json& theirs);

/// Whether two documents say the same: equal but for `meta.versionId`, `meta.lastUpdated`, `meta.source`,
/// member order and the narrative a server may generate.
[[nodiscard]] bool saysTheSame(const Json& a, const Json& b);

/// The document with the element at `path` (of a Dispute) set to `value`, or taken out. An item that is not
/// there is added. InvalidArgument when the path is no path or leads through something else than an object or
/// list.
[[nodiscard]] Result<Json> withElement(Json document, std::string_view path,
                                       const std::optional<Json>& value);

/// What stands at `path`, in the shape a Dispute has it.
[[nodiscard]] Result<std::optional<Json>> elementAt(const Json& document, std::string_view path);

} // namespace yarrow::sync
