// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/author.h"
#include "server/auth/role.h"
#include "server/db/connection.h"
#include "server/problem.h"
#include "server/records/patient_records.h"
#include "server/records/writer.h"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Erasure at a patient's demand: the patient, the records merged with it, and all records about this patient
// alone lose every version.
// What stays of each is its id, in the table `erased`, and one more version that says so in the feed. It is
// never written again; see also ErasureLog.
namespace yarrow::server::records {

/// An erasure that was done. Holds ids and what the administrator wrote, nothing of the records.
struct Erasure
{
    std::string id; ///< a UUID
    std::string patient;
    std::string legalGround;
    std::string reason;
    std::string account; ///< who decided; empty: the command line
    std::string at;      ///< FHIR instant
    std::vector<ErasedRecord> records;

    friend bool operator==(const Erasure&, const Erasure&) = default;
};

struct ErasureOrder
{
    std::string patient;
    std::string legalGround;
    std::string reason;
};

struct ErasureOutcome
{
    Erasure erasure; ///< without records when there was nothing left to erase
    std::vector<KeptRecord> kept;
    ChangeNotice notice;
};

class ErasureLog;

/// Who erases, or why this caller must not; asked at the beginning and again under the clinic's lock.
using Admission = std::function<Result<Author>(db::Transaction&)>;

/// Erases the patient. Once more for one who was erased before looks for what has become the patient's own
/// since, such as an appointment of several that others have left. With `log`, the erasure stands there
/// before it is committed: it will be done, whatever happens then. 404 `not-found` when the clinic knows
/// nothing of such a patient; 503 `erasure-log`.
[[nodiscard]] Result<ErasureOutcome> erase(db::Connection& connection, const TenantId& tenant,
                                           const ErasureOrder& order, const Admission& admit,
                                           const ErasureLog* log);

/// Which of these records were erased.
[[nodiscard]] std::set<RecordName> erasedAmong(db::Transaction& work, const std::set<RecordName>& names);
/// Whether the record was erased and is of `areas`: to all others it never was.
[[nodiscard]] bool isErased(db::Transaction& work, const std::string& type, const std::string& id,
                            AreaSet areas);
[[nodiscard]] Problem erasedProblem(std::string_view type, std::string_view id); ///< 410 `erased`

struct LoggedErasure
{
    TenantId tenant;
    Erasure erasure;
};

/// Does again what a database that was restored does not know of, for its clinics. Returns how many records
/// that erased.
int replay(db::Transaction& work, const std::vector<LoggedErasure>& erasures);
/// Those of all clinics that are not in `known`, the ids of erasures.
[[nodiscard]] std::vector<LoggedErasure> erasuresBesides(db::Connection& connection,
                                                         const std::set<std::string>& known);

} // namespace yarrow::server::records
