// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/server_load/samples.h"

#include <array>
#include <cstdio>

namespace yarrow::load {

namespace {

constexpr std::array<const char*, 16> kFamilies = {
    "Amberg",   "Birkner", "Castellan", "Dornheim",  "Eschbach", "Fennel",   "Grünwald", "Hollander",
    "Isenberg", "Jaspers", "Kestrel",   "Lindqvist", "Marlow",   "Nightsky", "Oakes",    "Pemberton"};
constexpr std::array<const char*, 16> kGivens = {"Ada",    "Bela", "Clara", "Dora",  "Emil",  "Finn",
                                                 "Greta",  "Hugo", "Ines",  "Jonas", "Klara", "Lena",
                                                 "Mattis", "Nora", "Oskar", "Pia"};
struct Code
{
    const char* loinc;
    const char* display;
    const char* unit;
    bool vital;
};
constexpr std::array<Code, 8> kObservations = {
    {{"8302-2", "Body height", "cm", true},
     {"29463-7", "Body weight", "kg", true},
     {"8867-4", "Heart rate", "/min", true},
     {"2339-0", "Glucose [Mass/volume] in Blood", "mg/dL", false},
     {"718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", false},
     {"2093-3", "Cholesterol [Mass/volume] in Serum or Plasma", "mg/dL", false},
     {"4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", false},
     {"38265-5", "DXA Radius and Ulna [T-score] Bone density", "{T-score}", false}}};

std::string padded(int number, int digits)
{
    std::string text = std::to_string(number);
    text.insert(0, static_cast<std::size_t>(std::max(0, digits - static_cast<int>(text.size()))), '0');
    return text;
}

} // namespace

std::string Samples::day()
{
    return std::to_string(1940 + pick(85)) + '-' + padded(1 + pick(12), 2) + '-' + padded(1 + pick(28), 2);
}

std::string Samples::instant()
{
    return day() + 'T' + padded(pick(24), 2) + ':' + padded(pick(60), 2) + ':' + padded(pick(60), 2) +
           "+01:00";
}

std::string Samples::begin(const char* type, const std::string& id)
{
    return std::string(R"({"resourceType":")") + type + R"(","id":")" + id +
           R"(","meta":{"profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-)" + type +
           R"("]},)";
}

Samples::Resource Samples::patient()
{
    Resource made{"Patient", nextId(), {}};
    const std::string family = kFamilies.at(static_cast<std::size_t>(pick(16))) + std::to_string(pick(1000));
    const std::string given = kGivens.at(static_cast<std::size_t>(pick(16))) + std::to_string(pick(1000));
    made.text =
        begin("Patient", made.id) +
        R"("text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Generated for a benchmark.</div>"},)" +
        R"("identifier":[{"system":"https://example.org/records","value":")" + made.id +
        R"("},{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"DL","display":"Driver's License"}]},)" +
        R"("system":"urn:oid:2.16.840.1.113883.4.3.25","value":"S999)" + padded(pick(100'000), 5) +
        R"("}],)" + R"("name":[{"use":"official","family":")" + family + R"(","given":[")" + given +
        R"("],"prefix":["Dr."]}],)" + R"("telecom":[{"system":"phone","value":"555-)" +
        padded(pick(1000), 3) + '-' + padded(pick(10'000), 4) + R"(","use":"home"}],"gender":")" +
        (pick(2) == 0 ? "female" : "male") + R"(","birthDate":")" + day() +
        R"(","address":[{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/geolocation","extension":[{"url":"latitude","valueDecimal":42.)" +
        padded(pick(1'000'000), 6) + R"(},{"url":"longitude","valueDecimal":-71.)" +
        padded(pick(1'000'000), 6) + R"(}]}],"line":[")" + std::to_string(pick(1000)) +
        R"( Hollow Lane Unit 4"],"city":"Quinsigamond","state":"MA","postalCode":")" +
        padded(pick(100'000), 5) + R"(","country":"US"}],"maritalStatus":{"coding":[{"system":)" +
        R"("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M","display":"M"}],"text":"M"},)" +
        R"("multipleBirthBoolean":false,"communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47",)" +
        R"("code":"en-US","display":"English"}],"text":"English"}}]})";
    m_patient = made.id;
    return made;
}

Samples::Resource Samples::observation()
{
    const Code& code = kObservations.at(static_cast<std::size_t>(pick(8)));
    Resource made{"Observation", nextId(), {}};
    const std::string when = instant();
    made.text =
        begin("Observation", made.id) +
        R"("status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":")" +
        (code.vital ? "vital-signs" : "laboratory") + R"(","display":")" +
        (code.vital ? "vital-signs" : "laboratory") +
        R"("}]}],"code":{"coding":[{"system":"http://loinc.org","code":")" + code.loinc + R"(","display":")" +
        code.display + R"("}],"text":")" + code.display + R"("},"subject":{"reference":"Patient/)" +
        m_patient + R"("},"encounter":{"reference":"Encounter/)" + m_encounter +
        R"("},"effectiveDateTime":")" + when + R"(","issued":")" + when.substr(0, 19) + ".000+01:00" +
        R"(","valueQuantity":{"value":)" + std::to_string(pick(200)) + '.' + padded(pick(10'000), 4) +
        R"(,"unit":")" + code.unit + R"(","system":"http://unitsofmeasure.org","code":")" + code.unit +
        R"("}})";
    return made;
}

Samples::Resource Samples::clinical(const char* type)
{
    const std::string name = type;
    Resource made{name, nextId(), {}};
    const std::string subject = R"({"reference":"Patient/)" + m_patient + R"("})";
    const std::string codeable = R"({"coding":[{"system":"http://snomed.info/sct","code":")" +
                                 std::to_string(100'000'000 + pick(900'000'000)) +
                                 R"(","display":"Finding of benchmark )" + std::to_string(pick(500)) +
                                 R"("}],"text":"Finding of a benchmark"})";
    const std::string when = instant();
    std::string text = begin(type, made.id);
    if (name == "Encounter") {
        m_encounter = made.id;
        text +=
            R"("status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},)" +
            std::string(R"("type":[)") + codeable + R"(],"subject":)" + subject +
            R"(,"participant":[{"individual":{"reference":"Practitioner/p1","display":"Dr. Marlow Kestrel"}}],"period":{"start":")" +
            when + R"("},"serviceProvider":{"reference":"Organization/o1","display":"Quinsigamond Clinic"}})";
    } else if (name == "Condition") {
        text +=
            R"("clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},)" +
            std::string(
                R"("verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"confirmed"}]},)") +
            R"("code":)" + codeable + R"(,"subject":)" + subject +
            R"(,"encounter":{"reference":"Encounter/)" + m_encounter + R"("},"onsetDateTime":")" + when +
            R"(","recordedDate":")" + when + R"("})";
    } else if (name == "MedicationRequest") {
        text +=
            R"("status":"active","intent":"order","medicationCodeableConcept":)" + codeable +
            R"(,"subject":)" + subject + R"(,"encounter":{"reference":"Encounter/)" + m_encounter +
            R"("},"authoredOn":")" + when +
            R"(","requester":{"reference":"Practitioner/p1"},"dosageInstruction":[{"sequence":1,"asNeededBoolean":false,)" +
            R"("timing":{"repeat":{"frequency":1,"period":1.0,"periodUnit":"d"}},"doseAndRate":[{"doseQuantity":{"value":1.0}}]}]})";
    } else { // Procedure
        text += R"("status":"completed","code":)" + codeable + R"(,"subject":)" + subject +
                R"(,"encounter":{"reference":"Encounter/)" + m_encounter +
                R"("},"performedPeriod":{"start":")" + when + R"(","end":")" + when +
                R"("},"location":{"display":"Quinsigamond Clinic"}})";
    }
    made.text = std::move(text);
    return made;
}

Samples::Resource Samples::next()
{
    if (m_count % 40 == 0)
        return patient();
    const int kind = pick(100);
    if (kind < 58)
        return observation();
    if (kind < 72)
        return clinical("Encounter");
    if (kind < 84)
        return clinical("Procedure");
    return clinical(kind < 91 ? "Condition" : "MedicationRequest");
}

std::string batchOf(Samples& samples, int count, const std::string& author)
{
    std::string bundle = R"({"resourceType":"Bundle","type":"batch","entry":[)";
    for (int i = 0; i < count; ++i) {
        const Samples::Resource made = samples.next();
        bundle += i == 0 ? "" : ",";
        bundle +=
            R"({"extension":[{"url":"https://yarrow.example/fhir/StructureDefinition/author","valueString":")" +
            author +
            R"("},{"url":"https://yarrow.example/fhir/StructureDefinition/operation","valueString":"op-)" +
            made.id + R"("}],"resource":)" + made.text + R"(,"request":{"method":"PUT","url":")" + made.type +
            '/' + made.id + R"(","ifNoneMatch":"*"}})";
    }
    return bundle + "]}";
}

} // namespace yarrow::load
