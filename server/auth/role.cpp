// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/role.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace yarrow::server {
namespace {

struct TypeArea
{
    std::string_view type;
    Area area;
};

// In order of the names, for the binary search.
constexpr TypeArea kAreas[] = {
    {"Account", Area::Payments},
    {"Appointment", Area::Appointments},
    {"AppointmentResponse", Area::Appointments},
    {"AuditEvent", Area::Administration},
    {"ChargeItem", Area::Payments},
    {"ChargeItemDefinition", Area::Payments},
    {"Claim", Area::Payments},
    {"ClaimResponse", Area::Payments},
    {"Coverage", Area::Payments},
    {"CoverageEligibilityRequest", Area::Payments},
    {"CoverageEligibilityResponse", Area::Payments},
    {"Device", Area::ClinicalRecord},
    {"Endpoint", Area::Administration},
    {"EnrollmentRequest", Area::Payments},
    {"EnrollmentResponse", Area::Payments},
    {"ExplanationOfBenefit", Area::Payments},
    {"HealthcareService", Area::Directory},
    {"Immunization", Area::Vitals},
    {"ImmunizationEvaluation", Area::Vitals},
    {"ImmunizationRecommendation", Area::Vitals},
    {"InsurancePlan", Area::Payments},
    {"Invoice", Area::Payments},
    {"Location", Area::Directory},
    {"Medication", Area::Prescriptions},
    {"MedicationDispense", Area::Prescriptions},
    {"MedicationRequest", Area::Prescriptions},
    {"MedicationStatement", Area::Prescriptions},
    {"Organization", Area::Directory},
    {"OrganizationAffiliation", Area::Directory},
    {"Patient", Area::PatientIdentity},
    {"PaymentNotice", Area::Payments},
    {"PaymentReconciliation", Area::Payments},
    {"Person", Area::PatientIdentity},
    {"Practitioner", Area::Directory},
    {"PractitionerRole", Area::Directory},
    {"RelatedPerson", Area::PatientIdentity},
    {"Schedule", Area::Directory},
    {"Slot", Area::Appointments},
    {"Subscription", Area::Administration},
    {"VisionPrescription", Area::Prescriptions},
};
static_assert(std::is_sorted(std::begin(kAreas), std::end(kAreas),
                             [](const TypeArea& a, const TypeArea& b) { return a.type < b.type; }));

using Rights = unsigned;

constexpr Rights bit(Right right)
{
    return 1U << static_cast<unsigned>(right);
}

constexpr Rights kNone = 0;
constexpr Rights kRead = bit(Right::Read);
constexpr Rights kTake = bit(Right::Read) | bit(Right::Create);
constexpr Rights kFull = kTake | bit(Right::Update) | bit(Right::Delete);

constexpr std::size_t kRoleCount = 5;

constexpr std::array<Rights, kRoleCount> rightsOn(Area area)
{
    switch (area) {
    //                         admin  doctor nurse  recept. billing
    case Area::PatientIdentity:
        return {kFull, kFull, kFull, kFull, kRead};
    case Area::Appointments:
        return {kFull, kFull, kFull, kFull, kRead};
    case Area::Directory:
        return {kFull, kRead, kRead, kRead, kRead};
    case Area::ClinicalRecord:
        return {kNone, kFull, kFull, kNone, kNone};
    case Area::Prescriptions:
        return {kNone, kFull, kRead, kNone, kNone};
    case Area::Vitals:
        return {kNone, kFull, kFull, kNone, kNone};
    case Area::Payments:
        return {kRead, kRead, kNone, kTake, kFull};
    case Area::Administration:
        return {kFull, kNone, kNone, kNone, kNone};
    }
    return {};
}

constexpr std::array<std::string_view, kRoleCount> kRoleCodes{"admin", "doctor", "nurse", "receptionist",
                                                              "billing"};

// In the order of the enumeration.
constexpr std::array<std::string_view, kAreaCount> kAreaCodes{
    "patient-identity", "appointments", "directory", "clinical-record",
    "prescriptions",    "vitals",       "payments",  "administration",
};

template <class Enum, std::size_t N>
std::optional<Enum> fromCode(const std::array<std::string_view, N>& codes, std::string_view code) noexcept
{
    const auto* found = std::find(codes.begin(), codes.end(), code);
    if (found == codes.end())
        return std::nullopt;
    return static_cast<Enum>(found - codes.begin());
}

} // namespace

Area areaOfType(std::string_view resourceType) noexcept
{
    const auto* found =
        std::lower_bound(std::begin(kAreas), std::end(kAreas), resourceType,
                         [](const TypeArea& entry, std::string_view type) { return entry.type < type; });
    return found != std::end(kAreas) && found->type == resourceType ? found->area : Area::ClinicalRecord;
}

bool roleAllows(Role role, Right right, Area area) noexcept
{
    return (rightsOn(area)[static_cast<std::size_t>(role)] & bit(right)) != 0;
}

AreaSet readableAreas(Role role) noexcept
{
    AreaSet areas;
    for (int i = 0; i < kAreaCount; ++i) {
        if (roleAllows(role, Right::Read, static_cast<Area>(i)))
            areas.insert(static_cast<Area>(i));
    }
    return areas;
}

std::string_view areaCode(Area area) noexcept
{
    return kAreaCodes[static_cast<std::size_t>(area)];
}

std::optional<Area> areaFromCode(std::string_view code) noexcept
{
    return fromCode<Area>(kAreaCodes, code);
}

std::string_view roleCode(Role role) noexcept
{
    return kRoleCodes[static_cast<std::size_t>(role)];
}

std::optional<Role> roleFromCode(std::string_view code) noexcept
{
    return fromCode<Role>(kRoleCodes, code);
}

std::string scopeIdOf(AreaSet areas)
{
    if (areas == AreaSet::all())
        return "all";
    std::array<std::string_view, kAreaCount> codes = kAreaCodes;
    std::sort(codes.begin(), codes.end());
    std::string id;
    for (const std::string_view code : codes) {
        if (areas.contains(*areaFromCode(code)))
            id.append(id.empty() ? "" : "+").append(code);
    }
    return id.empty() ? "none" : id;
}

std::optional<AreaSet> areasFromScopeId(std::string_view scopeId) noexcept
{
    if (scopeId == "all")
        return AreaSet::all();
    AreaSet areas;
    if (scopeId == "none")
        return areas;
    while (true) {
        const std::size_t end = scopeId.find('+');
        const auto area = areaFromCode(scopeId.substr(0, end));
        if (!area)
            return std::nullopt;
        areas.insert(*area);
        if (end == std::string_view::npos)
            return areas;
        scopeId.remove_prefix(end + 1);
    }
}

} // namespace yarrow::server
