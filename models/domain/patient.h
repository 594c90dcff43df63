// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/id.h"
#include "models/domain/partial_date.h"

#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace yarrow {

/// FHIR `administrative-gender`.
enum class Sex { Unknown, Female, Male, Other };

/// FHIR HumanName, the parts Yarrow edits. `text` is used for showing only when the parts are empty.
struct HumanName
{
    enum class Use { Usual, Official, Temp, Nickname, Anonymous, Old, Maiden, Unset };
    Use use = Use::Unset;
    QString family;
    QStringList given;
    QStringList prefix;
    QStringList suffix;
    QString text;
    bool operator==(const HumanName&) const = default;
};

/// FHIR ContactPoint. `rank` 1 is asked first; 0 means none given.
struct ContactPoint
{
    enum class System { Phone, Fax, Email, Pager, Url, Sms, Other };
    enum class Use { Home, Work, Temp, Old, Mobile, Unset };
    System system = System::Phone;
    Use use = Use::Unset;
    QString value;
    int rank = 0;
    bool operator==(const ContactPoint&) const = default;
};

/// FHIR Address, the parts Yarrow edits.
struct PostalAddress
{
    enum class Use { Home, Work, Temp, Old, Billing, Unset };
    Use use = Use::Unset;
    QStringList lines;
    QString city;
    QString postalCode;
    QString state;
    QString country;
    bool operator==(const PostalAddress&) const = default;
};

/// FHIR Identifier. `typeCode` is the first coding of HL7 v2-0203 (`MR`, `SS`, `PPN`…), empty when there is
/// none.
struct Identifier
{
    enum class Use { Usual, Official, Temp, Secondary, Old, Unset };
    Use use = Use::Unset;
    std::string system;
    std::string typeCode;
    QString value;
    bool operator==(const Identifier&) const = default;
};

/// A person in the clinic's care: the parts of FHIR Patient that Yarrow shows and edits. Everything else in
/// the document is left as it is (see models/fhir/patient_fhir.h).
struct Patient
{
    PatientId id;
    bool active = true;
    std::vector<Identifier> identifiers;
    std::vector<HumanName> names;
    std::vector<ContactPoint> telecoms;
    std::vector<PostalAddress> addresses;
    Sex sex = Sex::Unknown;
    PartialDate birthDate;
    bool deceased = false;
    PartialDate deceasedOn; ///< the day of deceasedDateTime, when it was given
    std::string language;   ///< BCP 47 code of the preferred communication, empty when unknown
    bool operator==(const Patient&) const = default;
};

/// The name to call the person by, of those that have something to show: official, else usual, else the first
/// that is not old or a maiden name, else the first; nullptr when there is none at all.
[[nodiscard]] const HumanName* displayName(const std::vector<HumanName>& names) noexcept;
[[nodiscard]] const HumanName* displayName(const Patient& patient) noexcept;
/// "Family, Given Given", or `text`, or an empty string.
[[nodiscard]] QString formatName(const HumanName& name);
/// What somebody is called among people of the same family: the given names, else what formatName() gives.
[[nodiscard]] QString shortName(const HumanName& name);
[[nodiscard]] QString shortName(const Patient& patient); ///< of displayName(); empty without one
/// The medical record number: the value of the first identifier of type MR that is not old; empty when none.
[[nodiscard]] QString medicalRecordNumber(const Patient& patient);

/// Gives the patient this record number, of kRecordNumberSystem. One that the patient has becomes an old one.
void giveRecordNumber(Patient& patient, const std::string& number);

/// A field of a patient that breaks a rule, for showing beside it.
struct PatientProblem
{
    enum class Field { Family, Given, BirthDate, Phone, Email, PostalCode };
    enum class Rule { Missing, InFuture, TooOld, NotANumber, NotAnAddress };
    Field field;
    Rule rule;
    bool operator==(const PatientProblem&) const = default;
};

/// What must be mended before a registration is saved: a family or given name (one kept as `text` only, as
/// imported records have it, will do); a birth date not in the future and not more than 130 years back (it
/// may be unknown); phone, fax and SMS numbers with 3 to 20 digits; e-mail addresses with one @ between text
/// and a domain with a dot. A contact without a value is nobody's mistake and passes.
[[nodiscard]] std::vector<PatientProblem> validate(const Patient& patient, QDate today);

} // namespace yarrow
