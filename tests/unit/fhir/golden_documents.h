// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

#include <string>

/// Documents that hold more than Yarrow knows: unknown elements, extensions of primitives, decimals with a
/// trailing zero, an unusual order. All people in them are invented.
namespace yarrow::golden {

inline Json parsed(const char* text)
{
    auto json = Json::parse(text);
    YARROW_ASSERT(json.has_value());
    return *std::move(json);
}

/// The text with its first `what`, which it must have, replaced.
inline std::string replaced(std::string text, const std::string& what, const std::string& with)
{
    const auto at = text.find(what);
    YARROW_ASSERT(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

inline constexpr const char* kPatient = R"({
"resourceType":"Patient","id":"p-1","text":{"status":"generated","div":"<div>Ada &amp; co</div>"},
"extension":[{"url":"urn:x:score","valueDecimal":1.10},{"url":"urn:x:big","valueDecimal":12345678901234567890.000}],
"identifier":[
 {"system":"urn:ids","value":"77","assigner":{"display":"Elsewhere"}},
 {"use":"usual","type":{"coding":[{"system":"urn:local","code":"X"},
   {"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR","display":"Medical record number"}],
   "text":"Record"},"system":"urn:mrn","value":"A-10001","period":{"start":"2019"}}],
"unknownElement":{"deep":[1,2.50,null]},
"name":[{"id":"n1","use":"official","text":"Ada M. Moretti","family":"Moretti",
  "_family":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/humanname-own-name","valueString":"Moretti"}]},
  "given":["Ada","Maria"],"_given":[null,{"extension":[{"url":"urn:x:middle","valueBoolean":true}]}],
  "prefix":["Sig.ra"],"period":{"start":"2001-02"}},
 {"use":"maiden","family":"Früh"}],
"telecom":[{"extension":[{"url":"urn:x:verified","valueBoolean":true}],"system":"phone","value":"+39 02 5550100",
  "use":"home","period":{"start":"2020"}},
 {"system":"phone","value":"+39 333 5550101","use":"mobile","rank":1,"_value":{"id":"v"}},
 {"system":"carrier-pigeon","value":"coop 4"},
 {"system":"email","value":"ada@mail.example"}],
"gender":"female","_birthDate":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthTime",
  "valueDateTime":"1980-06-15T04:30:00+02:00"}]},
"birthDate":"1980-06-15",
"address":[{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/geolocation",
  "extension":[{"url":"latitude","valueDecimal":45.460}]}],"use":"home","text":"Via Prova 1, Milano","line":["Via Prova 1",
  "Scala B"],"_line":[{"extension":[{"url":"urn:x:street","valueString":"Via Prova"}]},null],"city":"Milano",
  "district":"MI","postalCode":"20100","country":"IT"}],
"multipleBirthInteger":2,
"contact":[{"relationship":[{"text":"son"}],"name":{"family":"Moretti"}}],
"communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"de"}]}},
 {"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"it","display":"Italian"}],"text":"Italiano"},"preferred":true}],
"meta":{"versionId":"3"}})";

inline constexpr const char* kBirthDateUnknown = R"({"resourceType":"Patient","_birthDate":{"extension":[
{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}})";

inline constexpr const char* kPractitioner =
    R"({"resourceType":"Practitioner","id":"dr-1","identifier":[{"value":"580"}],
"active":true,"name":[{"family":"Vega Ruiz","given":["Inés"],"prefix":["Dr."],"extension":[{"url":"urn:x"}]}],
"telecom":[{"system":"email","value":"ines@clinic.example","use":"work","period":{"start":"2020"}}],
"address":[{"line":["Elsewhere 1"]}],"gender":"female","qualification":[{"code":{"text":"MD"}}],"meta":{"tag":[]}})";

inline constexpr const char* kRole = R"({"resourceType":"PractitionerRole","id":"role-1","active":true,
"period":{"start":"2020"},"practitioner":{"reference":"Practitioner/dr-1","display":"Dr. Vega"},
"organization":{"reference":"Organization/o"},
"specialty":[{"coding":[{"system":"http://snomed.info/sct","code":"394814009","display":"General practice"}]},
 {"text":"Diabetology"}],
"location":[{"display":"somewhere"},{"reference":"Location/room-1","display":"Room 1"},{"reference":"Location/room-2"}],
"healthcareService":[{"reference":"https://other.example/fhir/HealthcareService/hs-1","type":"HealthcareService"}],
"availableTime":[{"id":"a","daysOfWeek":["mon","tue","wed"],"availableStartTime":"09:00:00",
  "availableEndTime":"12:30:00"},
 {"daysOfWeek":["mon"],"availableStartTime":"14:00:00","availableEndTime":"18:00:00",
  "extension":[{"url":"urn:x:by-phone","valueBoolean":true}]},
 {"extension":[{"url":"urn:x:nothing"}]},
 {"daysOfWeek":["sun"],"allDay":true}],
"notAvailable":[{"description":"Congress"},
 {"id":"h","description":"Holiday","during":{"start":"2025-08-01","end":"2025-08-15","extension":[{"url":"urn:x"}]}},
 {"description":"Meeting","during":{"start":"2025-09-01T08:00:00+02:00","end":"2025-09-01T09:00:00+02:00"}}],
"availabilityExceptions":"public holidays"})";

inline constexpr const char* kLocation =
    R"({"resourceType":"Location","id":"room-1","status":"active","name":"Room 1",
"alias":["The blue one"],"description":"Ground floor","position":{"longitude":9.190,"latitude":45.460},
"partOf":{"reference":"Location/clinic","display":"Clinic"},
"hoursOfOperation":[{"daysOfWeek":["mon","fri"],"openingTime":"08:00:00","closingTime":"20:00:00"}]})";

inline constexpr const char* kService = R"({"resourceType":"HealthcareService","id":"hs-1",
"extension":[{"url":"urn:x:first"},{"url":"https://yarrow.example/fhir/StructureDefinition/default-duration",
 "valueDuration":{"value":30,"comparator":"<","unit":"min","system":"http://unitsofmeasure.org","code":"min"}}],
"active":true,"category":[{"text":"General"}],"name":"Check-up","comment":"bring your card"})";

inline constexpr const char* kSchedule = R"({"resourceType":"Schedule","id":"s-1","active":true,
"serviceType":[{"text":"any"}],"actor":[{"reference":"PractitionerRole/role-1"},
 {"reference":"Practitioner/dr-1","display":"Dr. Vega"},{"reference":"Location/room-1"}],
"planningHorizon":{"start":"2025-01-01","end":"2025-12-31","id":"ph"},"comment":"the year"})";

inline constexpr const char* kAppointment = R"({"resourceType":"Appointment","id":"a-1",
"extension":[{"url":"urn:x:price","valueDecimal":45.50}],"status":"booked",
"serviceType":[{"text":"Check-up"}],"reasonCode":[{"text":"cough"}],"priority":5,"description":"Cough",
"start":"2025-06-16T09:00:00.0001+02:00","_start":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/tz-code",
 "valueCode":"Europe/Rome"},{"url":"urn:x:other"}]},
"end":"2025-06-16T09:30:00+02:00","minutesDuration":30,"created":"2025-06-01","comment":"calls if late",
"participant":[{"actor":{"display":"an interpreter"},"required":"optional","status":"tentative"},
 {"actor":{"reference":"Patient/p-1","display":"Ada"},"required":"required","status":"accepted"},
 {"type":[{"text":"attender"}],"actor":{"reference":"Practitioner/dr-1"},"status":"accepted","period":{"start":"2025"}},
 {"actor":{"reference":"Location/room-1"},"status":"accepted"},
 {"actor":{"reference":"HealthcareService/hs-1"},"status":"accepted"}]})";

} // namespace yarrow::golden
