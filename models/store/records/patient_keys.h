// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto.h"
#include "models/store/db/connection.h"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace yarrow {

/// The rows of patient_key: one per patient that any record ever named, made when first asked for. Lives for
/// one transaction.
class PatientKeys
{
public:
    struct Key
    {
        std::int64_t pk = 0;
        crypto::Digest key{}; ///< keys the digests in the audit
    };
    explicit PatientKeys(Connection& connection)
        : m_connection(connection)
    {}
    /// `patient` is a FHIR id, not empty. Valid until the next call.
    [[nodiscard]] const Key& of(const std::string& patient);

private:
    Connection& m_connection;
    std::unordered_map<std::string, Key> m_known;
};

} // namespace yarrow
