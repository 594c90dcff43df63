// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/json.h"
#include "models/domain/appointment.h"
#include "models/domain/family.h"
#include "models/domain/patient.h"
#include "models/fhir/conflict_task.h"
#include "models/fhir/duplicate_task.h"
#include "models/store/db/connection.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace yarrow {

/// What search and lists need of a document, beside it. Derived from the body alone, so that it can be
/// rebuilt exactly. Patients, the people related to them, appointments and the Tasks of conflicts
/// and duplicates have one.
class Projection
{
public:
    Projection() = default; ///< of a type that has none

    /// InvalidResource when the document is of a type with a projection and cannot be read.
    [[nodiscard]] static Result<Projection> of(const Json& document);

    /// Writes it under the resource's pk. `replace` when one may be there already.
    void store(Connection& connection, std::int64_t pk, bool replace, Instant changedAt) const;
    static void erase(Connection& connection, std::string_view type, std::int64_t pk);
    /// And what is kept beside it: the record leaves this workstation.
    static void forget(Connection& connection, std::string_view type, std::int64_t pk);

    /// Empties all projections and makes them anew from the bodies, in one transaction of its own. How many
    /// records.
    [[nodiscard]] static Result<std::int64_t> rebuildAll(Connection& connection);

    /// The same when a migration has left word that they need it.
    [[nodiscard]] static Result<void> rebuildIfDue(Connection& connection);

    /// Compares all projections with what rebuilding would make of them, in a transaction that is rolled
    /// back. DatabaseDamaged names the table that differs. Writers wait for it.
    [[nodiscard]] static Result<void> verifyAll(Connection& connection);

private:
    static Result<std::int64_t> rebuild(Connection& connection);

    struct Visit
    {
        Appointment appointment;
        std::vector<std::string> actors; ///< everybody and everything that takes part: "Practitioner/…"
    };
    struct Person
    {
        Patient patient;
        std::vector<std::string> relatedPersons; ///< FHIR ids of what they are to others
    };
    using Content = std::variant<std::monostate, Person, RelatedPerson, Visit, Conflict, DuplicatePair>;
    explicit Projection(Content content)
        : m_content(std::move(content))
    {}
    Content m_content;
};

} // namespace yarrow
