// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/json.h"
#include "models/fhir/element_access.h"

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
    /// `participant[actor=Practitioner/7]`. Items that one key does not tell apart are one element,
    /// `telecom[system=phone,use=mobile,*]`, its values are lists. A group is `{start,end,status}`, a choice
    /// element `deceased[x]`, a primitive that has extensions `{birthDate}`; the values of these are objects
    /// of the members that are there, extensions (`_birthDate`) included. Empty: the whole document.
    /// models/fhir/element_path.h has the grammar.
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
/// What identifies items and what is merged whole only: models/fhir/element_identity.h. Items that both have
/// keep theirs' order, unless only mine reordered them; items only mine has go behind what they follow there.
///
/// Of two times at which a patient arrived, went in or was done, the earlier stands.
///
/// By type: allergies, prescriptions (MedicationRequest) and signed notes (Composition, DocumentReference,
/// ClinicalImpression, DiagnosticReport that are final or amended) dispute whole when both sides changed
/// anything but meta and text; so do AuditEvent, Provenance and final Observations, which nobody changes.
[[nodiscard]] Merged merge(const Json& base, const Json& mine, const Json& theirs);

/// Whether two documents say the same: equal but for `meta.versionId`, `meta.lastUpdated`, `meta.source`,
/// member order and the narrative a server may generate.
[[nodiscard]] bool saysTheSame(const Json& a, const Json& b);

// What a path names in a document; see models/fhir/element_access.h.
using fhir::elementAt;
using fhir::withElement;

} // namespace yarrow::sync
