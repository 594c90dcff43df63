// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/family.h"
#include "models/domain/openings.h"
#include "models/store/commands/command_scope.h"
#include "models/store/search/patient_search.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace yarrow {

/// Somebody of a patient's family.
struct FamilyEntry
{
    RelatedPerson person; ///< the record, of this patient or of the other one
    std::int64_t revision = 0;
    Told told; ///< as the patient that was asked about has it, by any record of the two
    std::optional<PatientHit> member;      ///< who they are, when they are a patient
    Relation relation = Relation::Contact; ///< what they are to the patient that was asked about
    bool isReciprocal = false;             ///< the record says what that patient is to them
    QString shortName = {};                ///< of `member`; see yarrow::shortName()
};

/// Families: for each pair of patients one RelatedPerson record, of either of them; the other one's
/// Patient.link names it (docs/adr/0022). Whoever is no patient has a record with a name. Every call is
/// checked against the role table and audited.
class FamilyCommands
{
public:
    explicit FamilyCommands(CommandScope& scope)
        : m_scope(scope)
    {}

    /// Those that were not taken out, by relation, then by birth date. Who is there by two records stands
    /// once, with that of this patient. Merged and erased patients are not listed. `again`: a list that is on
    /// screen is read once more, and not audited again.
    [[nodiscard]] Result<std::vector<FamilyEntry>> list(const PatientId& patient, bool again = false);

    struct Saved
    {
        RelatedPersonId id;
        std::int64_t revision = 0;
        PatientId linked = {}; ///< whose Patient document was written as well; of most changes empty
    };
    /// `relative` becomes `relation` of `patient`. AlreadyExists when they are of one family already; one
    /// that was taken out comes back. InvalidArgument for one patient, or one that was merged away.
    [[nodiscard]] Result<Saved> add(const PatientId& patient, const PatientId& relative, Relation relation,
                                    Told told);
    /// Somebody who is no patient, when `person.id` is empty; else a change of the record, read at
    /// `expectedRevision`. Where the two have a second record, who may be told is the same in both
    /// afterwards. Stale when there is a newer one. InvalidArgument: "related person" when a new one does not
    /// pass validate(), "relation" for Ward, which is nobody who is no patient.
    [[nodiscard]] Result<Saved> save(RelatedPerson person, std::int64_t expectedRevision);
    /// Takes somebody out of the family: RelatedPerson.active of every record of the two, which keep all they
    /// have. Gives those that were taken out.
    [[nodiscard]] Result<std::vector<RelatedPersonId>> takeOut(const RelatedPersonId& id);
    /// Puts them back.
    [[nodiscard]] Result<std::vector<RelatedPersonId>> putBack(const std::vector<RelatedPersonId>& ids);

    /// Openings for the family's visits, one after the other; see ClinicReader::openingsInARow().
    [[nodiscard]] Result<std::vector<std::vector<Opening>>>
    openingsInARow(const std::vector<OpeningsRequest>& visits);

private:
    [[nodiscard]] Result<void> writeActive(RecordStore& records, const RelatedPersonId& id, bool active);
    [[nodiscard]] Result<void> tellAlike(RecordStore& records, const RelatedPerson& person);
    [[nodiscard]] Result<Json> readDocument(RecordStore& records, const char* type, const std::string& id);
    [[nodiscard]] Result<Saved> write(RecordStore& records, const RelatedPerson& person, Json document,
                                      const std::string& reason);
    [[nodiscard]] Result<void> link(RecordStore& records, const PatientId& relative,
                                    const RelatedPersonId& id);

    CommandScope& m_scope;
};

} // namespace yarrow
