// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/role.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace yarrow {
namespace {

struct TypeArea
{
    std::string_view type;
    Area area;
};

// In order of the names, for the binary search.
constexpr TypeArea kTypeAreas[] = {
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
static_assert(std::is_sorted(std::begin(kTypeAreas), std::end(kTypeAreas),
                             [](const TypeArea& a, const TypeArea& b) { return a.type < b.type; }));

using Rights = unsigned;

constexpr Rights bit(Operation operation)
{
    return 1U << static_cast<unsigned>(operation);
}

constexpr Rights kNone = 0;
constexpr Rights kRead = bit(Operation::Read);
constexpr Rights kTake = bit(Operation::Read) | bit(Operation::Create);
constexpr Rights kFull = kTake | bit(Operation::Update) | bit(Operation::Delete);

constexpr std::size_t kRoleCount = 5;

static_assert(std::is_sorted(kAreas.begin(), kAreas.end()) &&
              kAreas.size() == static_cast<std::size_t>(Area::Administration) + 1);

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

} // namespace

Area areaOf(std::string_view resourceType) noexcept
{
    const auto* found =
        std::lower_bound(std::begin(kTypeAreas), std::end(kTypeAreas), resourceType,
                         [](const TypeArea& entry, std::string_view type) { return entry.type < type; });
    return found != std::end(kTypeAreas) && found->type == resourceType ? found->area : Area::ClinicalRecord;
}

bool roleAllows(Role role, Operation operation, Area area) noexcept
{
    return (rightsOn(area)[static_cast<std::size_t>(role)] & bit(operation)) != 0;
}

bool mayAllOf(Role more, Role less) noexcept
{
    return std::all_of(kAreas.begin(), kAreas.end(), [&](Area area) {
        const auto rights = rightsOn(area);
        return (rights[static_cast<std::size_t>(less)] & ~rights[static_cast<std::size_t>(more)]) == 0;
    });
}

std::string_view roleCode(Role role) noexcept
{
    return kRoleCodes[static_cast<std::size_t>(role)];
}

std::optional<Role> roleFromCode(std::string_view code) noexcept
{
    const auto* found = std::find(kRoleCodes.begin(), kRoleCodes.end(), code);
    if (found == kRoleCodes.end())
        return std::nullopt;
    return static_cast<Role>(found - kRoleCodes.begin());
}

} // namespace yarrow
