// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/resource_types.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace yarrow::server::fhir {
namespace {

// https://hl7.org/fhir/R4/resourcelist.html, in order of the names.
constexpr std::string_view kTypeNames =
    "Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse "
    "AuditEvent Basic Binary BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement "
    "CarePlan CareTeam CatalogEntry ChargeItem ChargeItemDefinition Claim ClaimResponse "
    "ClinicalImpression CodeSystem Communication CommunicationRequest CompartmentDefinition "
    "Composition ConceptMap Condition Consent Contract Coverage CoverageEligibilityRequest "
    "CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric DeviceRequest "
    "DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference EffectEvidenceSynthesis "
    "Encounter Endpoint EnrollmentRequest EnrollmentResponse EpisodeOfCare EventDefinition Evidence "
    "EvidenceVariable ExampleScenario ExplanationOfBenefit FamilyMemberHistory Flag Goal "
    "GraphDefinition Group GuidanceResponse HealthcareService ImagingStudy Immunization "
    "ImmunizationEvaluation ImmunizationRecommendation ImplementationGuide InsurancePlan Invoice "
    "Library Linkage List Location Measure MeasureReport Media Medication MedicationAdministration "
    "MedicationDispense MedicationKnowledge MedicationRequest MedicationStatement MedicinalProduct "
    "MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication "
    "MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured "
    "MedicinalProductPackaged MedicinalProductPharmaceutical MedicinalProductUndesirableEffect "
    "MessageDefinition MessageHeader MolecularSequence NamingSystem NutritionOrder Observation "
    "ObservationDefinition OperationDefinition OperationOutcome Organization OrganizationAffiliation "
    "Parameters Patient PaymentNotice PaymentReconciliation Person PlanDefinition Practitioner "
    "PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson "
    "RequestGroup ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject "
    "RiskAssessment RiskEvidenceSynthesis Schedule SearchParameter ServiceRequest Slot Specimen "
    "SpecimenDefinition StructureDefinition StructureMap Subscription Substance SubstanceNucleicAcid "
    "SubstancePolymer SubstanceProtein SubstanceReferenceInformation SubstanceSourceMaterial "
    "SubstanceSpecification SupplyDelivery SupplyRequest Task TerminologyCapabilities TestReport "
    "TestScript ValueSet VerificationResult VisionPrescription";
constexpr std::string_view kNotStored =
    "AuditEvent Bundle CapabilityStatement OperationOutcome Parameters Subscription";
constexpr std::size_t kTypeCount = 146;

constexpr std::array<std::string_view, kTypeCount> split(std::string_view list)
{
    std::array<std::string_view, kTypeCount> words;
    for (std::string_view& word : words) {
        const std::size_t end = list.find(' ');
        word = list.substr(0, end);
        list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    }
    return words;
}

constexpr auto kTypes = split(kTypeNames);
static_assert(std::is_sorted(kTypes.begin(), kTypes.end()) && !kTypes.back().empty());

constexpr bool isIdCharacter(char c) noexcept
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

} // namespace

bool isFhirId(std::string_view text) noexcept
{
    constexpr std::size_t kLongest = 64;
    return !text.empty() && text.size() <= kLongest && std::all_of(text.begin(), text.end(), isIdCharacter);
}

bool isResourceType(std::string_view type) noexcept
{
    return std::binary_search(kTypes.begin(), kTypes.end(), type);
}

bool isStoredType(std::string_view type) noexcept
{
    return isResourceType(type) && !hasWord(kNotStored, type);
}

std::vector<std::string_view> storedTypes()
{
    std::vector<std::string_view> types;
    std::copy_if(kTypes.begin(), kTypes.end(), std::back_inserter(types), isStoredType);
    return types;
}

std::string_view nextWord(std::string_view& list) noexcept
{
    const std::string_view word = list.substr(0, list.find(' '));
    list.remove_prefix(std::min(list.size(), word.size() + 1));
    return word;
}

bool hasWord(std::string_view list, std::string_view word) noexcept
{
    while (!list.empty()) {
        if (nextWord(list) == word)
            return true;
    }
    return false;
}

} // namespace yarrow::server::fhir
