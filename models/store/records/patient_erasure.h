// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/records/record_store.h"

#include <cstdint>
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

/// Erases a patient where no server does it: the records merged with the patient's, all records about this
/// patient alone, and what was decided about them as possible duplicates, by the same rules as
/// yarrow-server's. Once more for one who was erased before takes what has become the patient's alone since.
/// Audited in the name of `actor`. Part of a transaction of the caller's, who calls rewriteIfDue() after it.
/// Reads every document once for each record of the patient.
[[nodiscard]] PatientErasure erasePatient(Connection& connection, const Clock& clock,
                                          const ClinicIdentity& clinic, const Actor& actor,
                                          const std::string& patient, const std::string& legalGround,
                                          const std::string& reason);

} // namespace yarrow
