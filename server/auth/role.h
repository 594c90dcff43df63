// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yarrow::server {

enum class Role { Admin, Doctor, Nurse, Receptionist, Billing };

enum class Right { Read, Create, Update, Delete };

/// What is protected as one: the rows of the role table. The same as the client's, kept equal by a test.
enum class Area {
    PatientIdentity,
    Appointments,
    Directory,
    ClinicalRecord,
    Prescriptions,
    Vitals,
    Payments,
    Administration,
};
inline constexpr int kAreaCount = 8;

/// A set of areas.
class AreaSet
{
public:
    constexpr AreaSet() noexcept = default;
    [[nodiscard]] static constexpr AreaSet all() noexcept { return AreaSet((1U << kAreaCount) - 1); }
    constexpr void insert(Area area) noexcept { m_bits |= 1U << static_cast<unsigned>(area); }
    [[nodiscard]] constexpr bool contains(Area area) const noexcept
    {
        return (m_bits >> static_cast<unsigned>(area) & 1U) != 0;
    }
    /// Every one of them.
    [[nodiscard]] constexpr bool contains(AreaSet areas) const noexcept
    {
        return (areas.m_bits & ~m_bits) == 0;
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return m_bits == 0; }
    friend constexpr bool operator==(AreaSet, AreaSet) noexcept = default;

private:
    constexpr explicit AreaSet(std::uint32_t bits) noexcept
        : m_bits(bits)
    {}
    std::uint32_t m_bits = 0;
};

/// The area of a resource type. A type nobody listed is ClinicalRecord, the most guarded one. Where the
/// document tells more (a vital sign, a clinic's device, a Task), see areaOf() in
/// server/fhir/document.h.
[[nodiscard]] Area areaOfType(std::string_view resourceType) noexcept;

/// The role table of the security design, the same as the client's.
[[nodiscard]] bool roleAllows(Role role, Right right, Area area) noexcept;
[[nodiscard]] AreaSet readableAreas(Role role) noexcept;

[[nodiscard]] std::string_view areaCode(Area area) noexcept; ///< "patient-identity", "clinical-record"…
[[nodiscard]] std::optional<Area> areaFromCode(std::string_view code) noexcept;
[[nodiscard]] std::string_view roleCode(Role role) noexcept; ///< "admin", "doctor"…
[[nodiscard]] std::optional<Role> roleFromCode(std::string_view code) noexcept;

/// Names a set of areas: the codes, sorted, joined by '+'; "all" for all of them, "none" for none. Stable,
/// part of the interface.
[[nodiscard]] std::string scopeIdOf(AreaSet areas);
[[nodiscard]] std::optional<AreaSet> areasFromScopeId(std::string_view scopeId) noexcept;

} // namespace yarrow::server
