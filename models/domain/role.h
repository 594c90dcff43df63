// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace yarrow {

/// What a person may do in the clinic; see roleAllows().
enum class Role { Admin, Doctor, Nurse, Receptionist, Billing };

enum class Operation { Read, Create, Update, Delete };

/// What is protected as one: the rows of the role table.
enum class Area {
    PatientIdentity, ///< patients, their contacts and families
    Appointments,    ///< appointments and the answers to them
    Directory, ///< who works here, where and when: staff, rooms, visit types, schedules; everyone reads it
    ClinicalRecord, ///< conditions, notes, documents, observations that are not vital signs
    Prescriptions,
    Vitals,         ///< vital signs and immunisations
    Payments,       ///< invoices and payments
    Administration, ///< users, workstations, settings and the audit trail
};

/// All of them.
inline constexpr std::array kAreas{Area::PatientIdentity, Area::Appointments,  Area::Directory,
                                   Area::ClinicalRecord,  Area::Prescriptions, Area::Vitals,
                                   Area::Payments,        Area::Administration};

/// The area a FHIR resource type belongs to. A type nobody listed is ClinicalRecord, the most guarded one.
/// Where one type serves two areas (an Observation may be a vital sign, a Device an implant), only the
/// document tells: see fhir::areaOf() in models/fhir/resource_area.h; this function then gives the more
/// guarded one.
[[nodiscard]] Area areaOf(std::string_view resourceType) noexcept;

/// The role table of the security design. Enforced in the store's command layer; the UI only hides what it
/// refuses. Where that table leaves room:
/// - nurses read prescriptions, since they are part of the record they work from; only doctors write them;
/// - "take payment" lets a receptionist create and read payments, not change or delete them;
/// - a doctor's sight of the own audit trail is not a right on Administration; the store grants those entries
/// alone;
/// - staff, rooms and visit types (Directory) are read by everyone and written by administrators.
[[nodiscard]] bool roleAllows(Role role, Operation operation, Area area) noexcept;

/// Whether everything that `less` may do, `more` may too.
[[nodiscard]] bool mayAllOf(Role more, Role less) noexcept;

[[nodiscard]] std::string_view
roleCode(Role role) noexcept; ///< "admin", "doctor", "nurse", "receptionist", "billing"
[[nodiscard]] std::optional<Role> roleFromCode(std::string_view code) noexcept;

} // namespace yarrow
