// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/json/json_document.h"
#include "server/problem.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yarrow::server::fhir {

/// A slot an appointment holds.
struct HeldSlot
{
    std::string starts; ///< UTC instants, "2026-05-04T07:30:00Z", as PostgreSQL reads them
    std::string ends;
    std::vector<std::string> actors; ///< "Practitioner/…", "Location/…", "Device/…", each once, sorted

    friend bool operator==(const HeldSlot&, const HeldSlot&) = default;
};

/// What the server keeps beside a document, for searches and rules. Instants are UTC texts as in HeldSlot.
struct IndexValues
{
    /// Id of the one Patient that the document is about: `patient`, `subject` or what takes their place; of
    /// an Appointment its one Patient. Nothing when there are several.
    std::optional<std::string> patient;
    /// Of a Task about a possible duplicate (docs/duplicates.md): the Patient that `patient` was compared
    /// with.
    std::optional<std::string> otherPatient;
    std::optional<std::string> status;
    /// The one date of the type: Patient/Practitioner/RelatedPerson/Person birthDate, Appointment start–end,
    /// Encounter period, effective…, occurrence…, authoredOn, recordedDate, onset…, issued, date, created –
    /// the first that is there, see type_rules.cpp. A partial date (2025-03) is the whole range it names;
    /// dates without a zone count as UTC. [from, to); both or none; the open end of a period is "infinity" or
    /// "-infinity".
    std::optional<std::string> dateFrom;
    std::optional<std::string> dateTo;
    std::optional<std::string> sortName; ///< folded "family given" of people

    /// (param, value), each pair once:
    ///   identifier  value + '\n' + system            (case kept)
    ///   family, given   one part of a name, folded   of people
    ///   name        other parts (prefix, suffix, text), folded; a search by `name` looks at family, given
    ///   and
    ///               name; also the name of an Organization, Location or HealthcareService
    ///   phone       digits only, a leading '+' or 00 dropped; telecom of system phone or sms
    ///   actor       "Type/id" of every participant of an Appointment (patients too)
    std::vector<std::pair<std::string, std::string>> values;

    /// Of booked, arrived or checked-in Appointments without an overbooking reason; who declined holds
    /// nothing.
    std::optional<HeldSlot> slot;
    /// (system, value) of a Patient's medical record numbers: identifiers of type MR (v2-0203) whose use is
    /// not `old`.
    std::vector<std::pair<std::string, std::string>> mrns;
};

/// Of a document whose type is `type`. 422 `bad-date` for a date that is none; of an Appointment also
/// `appointment-without-start`, `appointment-without-end` and `appointment-ends-before-start`.
[[nodiscard]] Result<IndexValues> indexValuesOf(std::string_view type, JsonView resource);

/// As much of a value as is compared: what is longer is found by its first part. NULs are left out.
[[nodiscard]] std::string indexText(std::string text);

/// Lower case, accents and punctuation dropped, so that "José" is found as "jose". Covers Latin scripts;
/// others are kept as they are.
[[nodiscard]] std::string fold(std::string_view text);
[[nodiscard]] std::string phoneDigits(std::string_view text);

} // namespace yarrow::server::fhir
