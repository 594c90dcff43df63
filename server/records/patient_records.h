// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/role.h"
#include "server/db/connection.h"
#include "server/fhir/reference.h"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace yarrow::server::records {

struct ErasedRecord
{
    std::string type;
    std::string id;
    Area area = Area::ClinicalRecord;

    friend bool operator==(const ErasedRecord&, const ErasedRecord&) = default;
};

/// A record that names the patient and is kept all the same.
struct KeptRecord
{
    std::string type;
    std::string id;
    std::string why; ///< retention-law: payments; other-patients: it is about others as well

    friend bool operator==(const KeptRecord&, const KeptRecord&) = default;
};

/// A record with its versions, as far as they are kept.
struct RecordVersions
{
    struct One
    {
        std::int64_t seq = 0;
        std::string body; ///< empty for a deletion
        std::string area;
    };
    std::string type;
    std::string id;
    std::string area;            ///< of the present version
    std::set<std::string> areas; ///< that it was ever in
    std::string epoch;           ///< of the present version
    bool live = false;
    bool erased = false;
    std::vector<One> versions; ///< the newest first
};

using RecordName = std::pair<std::string, std::string>; ///< (type, id)

/// Shows `take` each of these records that there is. `withBodies` reads the documents, too.
void readVersions(db::Transaction& work, const std::set<RecordName>& names, bool withBodies,
                  const std::function<void(RecordVersions&&)>& take);

/// Finds which records are about one patient: those whose document says so, those that name no other patient,
/// what the patient is to others (RelatedPerson, named by Patient.link), the tasks and provenances about
/// them, their attachments, and what was decided about them as a possible duplicate. Records that were merged
/// (Patient.link replaced-by, replaces) are of one patient. Deleted records are found by the versions they
/// had.
class PatientRecords
{
public:
    explicit PatientRecords(std::string patient);

    /// Looks through the versions behind `from` up to `to`; takes a second for each million or so. To be
    /// called without the clinic's lock up to its head, and under it for what came since.
    void look(db::Transaction& work, std::int64_t from, std::int64_t to);

    /// Takes in the records that were merged with what is known of the patient. True when there were some:
    /// all versions have to be looked through for them as well.
    [[nodiscard]] bool addMerged(db::Transaction& work);

    struct Findings
    {
        std::vector<ErasedRecord> own;
        std::vector<KeptRecord> kept;
        /// Versions from when a record was about the patient that is about somebody else now.
        std::vector<std::int64_t> formerVersions;
    };
    /// Under the clinic's lock, after look() has reached its head.
    [[nodiscard]] Findings decide(db::Transaction& work);

private:
    enum class Naming { None, Own, Shared };
    Naming namingOf(const std::string& type, const std::string& id, const std::string& body);
    void judge(const RecordVersions& record, Findings& findings);
    void addOwn(const RecordVersions& record, Findings& findings);
    void noteRelations(const RecordVersions& patient);
    void addRelations(db::Transaction& work, Findings& findings);
    void addPointing(db::Transaction& work, Findings& findings);
    void addAttachments(db::Transaction& work, Findings& findings);

    [[nodiscard]] bool isOfPatient(const fhir::Reference& reference) const;

    std::set<std::string> m_patients; // ids: the patient, and what was merged
    std::set<RecordName> m_naming;
    std::map<RecordName, std::set<std::string>> m_pointing; // tasks and provenances: what they are about
    std::set<std::string> m_own;                            // "Type/id"
    std::set<RecordName> m_relations;    // RelatedPersons that are the patient, by their own link
    std::set<std::string> m_attachments; // "Binary/id", named by what is the patient's
};

} // namespace yarrow::server::records
