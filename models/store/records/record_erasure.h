// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/json.h"
#include "models/store/db/connection.h"

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow {

/// Takes all that the store has of records that were erased at a patient's demand: body, base, edits,
/// uploads, quarantine, projections, conflicts about them with what they hold, drafts that name them. The id
/// stays and refuses everything that would bring it back. Lives for one transaction of its caller; finish()
/// before the commit, and rewriteIfDue() after it. Audits nothing. Throws SQLite::Exception like the rest of
/// the store inside.
class RecordErasure
{
public:
    RecordErasure(Connection& connection, const Clock& clock);

    struct Erased
    {
        std::string type;
        std::string id;
        std::string patient;  ///< FHIR id of whom it belonged to; empty: nobody
        std::string atServer; ///< versionId that the server was known to have, not deleted; empty: none
        std::int64_t unsentEdits = 0; ///< that went with it
        bool wasHere = false;         ///< there was something of it, or it was a tombstone
    };
    /// The record, and what cannot be without it: the conflicts about it and, of a Patient, what was decided
    /// about it as a possible duplicate and the records that no server knows; the key of the patient's
    /// digests is destroyed, so that nobody tells by them what stood in a document. `version` and
    /// `lastUpdated` are the server's of the erasure, empty when it has not said.
    std::vector<Erased> erase(std::string_view type, std::string_view id, std::string_view version,
                              std::string_view lastUpdated);
    void finish();

private:
    void eraseOne(std::string_view type, std::string_view id, std::string_view version,
                  std::string_view lastUpdated, std::vector<Erased>& done);
    void eraseDrafts(std::string_view type, std::string_view id);

    Connection& m_connection;
    const Clock& m_clock;
    bool m_isIndexToBeCleaned = false;
    bool m_isAnythingGone = false;
};

/// Whether that record was erased here.
[[nodiscard]] bool isErased(Connection& connection, std::string_view type, std::string_view id);

/// Whether the document names these records of one patient, and no other patient.
[[nodiscard]] bool isAboutAlone(const Json& document, const std::set<std::string, std::less<>>& patient);

/// What was deleted stays readable to whoever has the key, in free pages of the file and in its log, until
/// its place is used again. After an erasure the file is written anew and the log emptied; in a transaction
/// of its own, with no other under way on the connection. DatabaseBusy, DiskFull: it remains due, and the
/// next call goes on. Nothing is done when nothing is due.
[[nodiscard]] Result<void> rewriteIfDue(Connection& connection);

} // namespace yarrow
