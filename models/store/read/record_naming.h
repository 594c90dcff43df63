// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/json.h"
#include "models/store/db/connection.h"

#include <optional>
#include <string>
#include <string_view>

namespace yarrow {

/// What a record is, for people: from these the screens make a sentence.
struct RecordTitle
{
    std::string type;
    std::string id;
    std::string patient;     ///< FHIR id of the patient it belongs to; empty when none
    std::string patientName; ///< "Family, Given"
    std::string name;        ///< its own: of a person, a room, a drug, a diagnosis; empty when it has none
    std::optional<Instant> start; ///< of an appointment
    bool operator==(const RecordTitle&) const = default;
};

/// Names records for lists. Uses the connection it is given, on that connection's thread; throws
/// SQLite::Exception. Its callers audit what was shown.
class RecordNaming
{
public:
    explicit RecordNaming(Connection& connection)
        : m_connection(connection)
    {}

    /// The name of what a reference ("Practitioner/7") points at; empty when it has none or is not here.
    [[nodiscard]] std::string nameOf(std::string_view reference);
    /// `document`: one version of the record; null when there is none any more.
    [[nodiscard]] RecordTitle titleOf(std::string_view type, std::string_view id, const Json& document);

private:
    Connection& m_connection;
};

} // namespace yarrow
