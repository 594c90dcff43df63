// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

namespace yarrow {

/// What a person may do in the clinic; see roleAllows().
enum class Role { Admin, Doctor, Nurse, Receptionist, Billing };

enum class Operation { Read, Create, Update, Delete };

/// What is protected as one: the rows of the role table.
enum class Area {
    PatientIdentity, ///< patients, their contacts and families
    Appointments,    ///< appointments, schedules and who and what takes part in them
    ClinicalRecord,  ///< conditions, notes, documents, observations that are not vital signs
    Prescriptions,
    Vitals,          ///< vital signs and immunisations
    Payments,        ///< invoices and payments
    Administration,  ///< users, devices, settings and the audit trail
};

/// The area a FHIR resource type belongs to. A type nobody listed is ClinicalRecord, the most guarded one.
[[nodiscard]] Area areaOf(std::string_view resourceType) noexcept;

/// The role table of the security design. Enforced in the store's command layer; the UI only hides what it refuses.
[[nodiscard]] bool roleAllows(Role role, Operation operation, Area area) noexcept;

[[nodiscard]] std::string_view roleCode(Role role) noexcept; ///< "admin", "doctor", "nurse", "receptionist", "billing"
[[nodiscard]] std::optional<Role> roleFromCode(std::string_view code) noexcept;

} // namespace yarrow
