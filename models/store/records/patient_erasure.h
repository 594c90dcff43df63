// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/records/record_store.h"

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace yarrow {

/// A record that names an erased patient and is kept all the same.
struct KeptRecord
{
    std::string type;
    std::string id;
    std::string why; ///< retention-law: payments; other-patients: it is about others as well
    bool operator==(const KeptRecord&) const = default;
};

struct PatientErasure
{
    std::int64_t erased = 0; ///< records, the patient included
    std::vector<KeptRecord> kept;
};

/// The ids of a patient's records: more than one when some were merged (Patient.link replaced-by, replaces).
using Person = std::set<std::string, std::less<>>;
[[nodiscard]] Person personOf(Connection& connection, const std::string& patient);

enum class ErasureReach {
    Everything,
    HereAlone ///< only what no server knows: of the rest the server decides
};

/// Erases a patient where no server does it: all records about this patient alone, and what was decided about
/// them as possible duplicates, by the same rules as yarrow-server's. Once more for one who was erased before
/// takes what has become the patient's alone since. Audited in the name of `actor`, for each id. Part of a
/// transaction of the caller's, who calls rewriteIfDue() after it. Reads every document once for each id.
[[nodiscard]] PatientErasure erasePatient(Connection& connection, const Clock& clock,
                                          const ClinicIdentity& clinic, const Actor& actor,
                                          const Person& person, ErasureReach reach,
                                          const std::string& legalGround, const std::string& reason);

} // namespace yarrow
