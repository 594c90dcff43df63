// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "models/domain/patient.h"

#include <QString>

#include <vector>

namespace yarrow {

using RelatedPersonId = Id<struct RelatedPersonTag>;

/// What somebody is to a patient. Finer words of a document ("mother", "stepfather") are kept there.
enum class Relation {
    Parent,
    Child,
    Spouse,
    Partner,
    Sibling,
    Grandparent,
    Grandchild,
    Guardian, ///< answers for the patient
    Ward,     ///< the patient answers for them; of a record this is the other side of Guardian
    Relative, ///< of the family, nearer not said
    Contact,  ///< anybody else
};

/// What the patient is to them.
[[nodiscard]] Relation inverse(Relation relation) noexcept;

/// Which of two who are related may be told of the other one's appointments and affairs.
struct Told
{
    bool relative = false; ///< of the patient's
    bool patient = false;  ///< of the relative's
    bool operator==(const Told&) const = default;
};

/// As the other of the two has it.
[[nodiscard]] constexpr Told inverse(Told told) noexcept
{
    return {told.patient, told.relative};
}

/// FHIR RelatedPerson: somebody who is something to a patient. Who is a patient too has no name and no phone
/// here: their own record has them, and names this one in Patient.link.
struct RelatedPerson
{
    RelatedPersonId id;
    bool active = true; ///< false: taken out of the family
    PatientId patient;  ///< whose relation they are
    Relation relation = Relation::Contact;
    QString relationText; ///< as the document says it, where none of the relations above was found in it
    std::vector<HumanName> names;
    std::vector<ContactPoint> telecoms;
    PartialDate birthDate;
    /// Kept in two extensions, booleans: `https://yarrow.example/fhir/StructureDefinition/may-be-told` of the
    /// relative, `…/patient-may-be-told` of the patient.
    Told told;
    bool operator==(const RelatedPerson&) const = default;
};

/// What of a person who is no patient breaks a rule: the rules are those of a registration, see
/// validate(const Patient&, QDate).
[[nodiscard]] std::vector<PatientProblem> validate(const RelatedPerson& person, QDate today);

} // namespace yarrow
