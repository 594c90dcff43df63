// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/patient.h"
#include "models/store/commands/command_scope.h"
#include "models/store/records/patient_erasure.h"
#include "models/store/sync/erasure_requests.h"

#include <string>
#include <vector>

namespace yarrow {

/// A patient's right to be forgotten; for administrators.
class ErasureCommands
{
public:
    explicit ErasureCommands(CommandScope& scope)
        : m_scope(scope)
    {}

    struct Outcome
    {
        /// The server is asked with the next exchange and does it for all workstations; nothing has happened
        /// yet.
        bool isRequested = false;
        PatientErasure done;
        bool tracesRemain = false; ///< in free pages, until the clinic is next opened: somebody else reads it
    };
    /// Erases the patient with the records merged with it, or has the server do it where the workstation is
    /// enrolled with one of ours; any other has to do so itself (Unsupported). InvalidArgument without ground
    /// or reason, which stay in the audit: no names. NotFound, Forbidden.
    [[nodiscard]] Result<Outcome> erasePatient(const PatientId& patient, const std::string& legalGround,
                                               const std::string& reason);
    /// What the server was asked for and has not done.
    [[nodiscard]] Result<std::vector<ErasureRequest>> requests();

private:
    void request(RecordStore& records, const std::string& patient, const std::string& legalGround,
                 const std::string& reason);

    CommandScope& m_scope;
};

} // namespace yarrow
