// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/record_texts.h"

#include "ui/widgets/texts.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>

namespace yarrow {
namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(yarrow::Texts)
};

struct Word
{
    const char* name;
    const char* text;
};

constexpr std::array kTypes{
    Word{"Patient", QT_TRANSLATE_NOOP("yarrow::Texts", "Patient")},
    Word{"Appointment", QT_TRANSLATE_NOOP("yarrow::Texts", "Appointment")},
    Word{"AllergyIntolerance", QT_TRANSLATE_NOOP("yarrow::Texts", "Allergy")},
    Word{"CarePlan", QT_TRANSLATE_NOOP("yarrow::Texts", "Care plan")},
    Word{"Composition", QT_TRANSLATE_NOOP("yarrow::Texts", "Note")},
    Word{"ClinicalImpression", QT_TRANSLATE_NOOP("yarrow::Texts", "Note")},
    Word{"Condition", QT_TRANSLATE_NOOP("yarrow::Texts", "Problem")},
    Word{"Coverage", QT_TRANSLATE_NOOP("yarrow::Texts", "Insurance")},
    Word{"Device", QT_TRANSLATE_NOOP("yarrow::Texts", "Device")},
    Word{"DiagnosticReport", QT_TRANSLATE_NOOP("yarrow::Texts", "Report")},
    Word{"DocumentReference", QT_TRANSLATE_NOOP("yarrow::Texts", "Document")},
    Word{"HealthcareService", QT_TRANSLATE_NOOP("yarrow::Texts", "Visit type")},
    Word{"Immunization", QT_TRANSLATE_NOOP("yarrow::Texts", "Vaccination")},
    Word{"Invoice", QT_TRANSLATE_NOOP("yarrow::Texts", "Invoice")},
    Word{"Location", QT_TRANSLATE_NOOP("yarrow::Texts", "Room")},
    Word{"MedicationRequest", QT_TRANSLATE_NOOP("yarrow::Texts", "Prescription")},
    Word{"MedicationStatement", QT_TRANSLATE_NOOP("yarrow::Texts", "Medicine")},
    Word{"Observation", QT_TRANSLATE_NOOP("yarrow::Texts", "Finding")},
    Word{"Organization", QT_TRANSLATE_NOOP("yarrow::Texts", "Organisation")},
    Word{"PaymentNotice", QT_TRANSLATE_NOOP("yarrow::Texts", "Payment")},
    Word{"PaymentReconciliation", QT_TRANSLATE_NOOP("yarrow::Texts", "Payment")},
    Word{"Practitioner", QT_TRANSLATE_NOOP("yarrow::Texts", "Practitioner")},
    Word{"PractitionerRole", QT_TRANSLATE_NOOP("yarrow::Texts", "Working hours")},
    Word{"Procedure", QT_TRANSLATE_NOOP("yarrow::Texts", "Procedure")},
    Word{"RelatedPerson", QT_TRANSLATE_NOOP("yarrow::Texts", "Contact person")},
    Word{"Task", QT_TRANSLATE_NOOP("yarrow::Texts", "Decision on a conflict")},
};

constexpr std::array kElements{
    Word{"active", QT_TRANSLATE_NOOP("yarrow::Texts", "In use")},
    Word{"address", QT_TRANSLATE_NOOP("yarrow::Texts", "Address")},
    Word{"birthDate", QT_TRANSLATE_NOOP("yarrow::Texts", "Birth date")},
    Word{"cancelationReason", QT_TRANSLATE_NOOP("yarrow::Texts", "Reason for cancelling")},
    Word{"city", QT_TRANSLATE_NOOP("yarrow::Texts", "Town")},
    Word{"clinicalStatus", QT_TRANSLATE_NOOP("yarrow::Texts", "State")},
    Word{"code", QT_TRANSLATE_NOOP("yarrow::Texts", "What it is")},
    Word{"comment", QT_TRANSLATE_NOOP("yarrow::Texts", "Note of the desk")},
    Word{"communication", QT_TRANSLATE_NOOP("yarrow::Texts", "Languages")},
    Word{"contact", QT_TRANSLATE_NOOP("yarrow::Texts", "Contact person")},
    Word{"country", QT_TRANSLATE_NOOP("yarrow::Texts", "Country")},
    Word{"criticality", QT_TRANSLATE_NOOP("yarrow::Texts", "How dangerous")},
    Word{"deceased[x]", QT_TRANSLATE_NOOP("yarrow::Texts", "Deceased")},
    Word{"deceasedBoolean", QT_TRANSLATE_NOOP("yarrow::Texts", "Deceased")},
    Word{"deceasedDateTime", QT_TRANSLATE_NOOP("yarrow::Texts", "Date of death")},
    Word{"description", QT_TRANSLATE_NOOP("yarrow::Texts", "What it is about")},
    Word{"district", QT_TRANSLATE_NOOP("yarrow::Texts", "District")},
    Word{"dosageInstruction", QT_TRANSLATE_NOOP("yarrow::Texts", "Dose")},
    Word{"end", QT_TRANSLATE_NOOP("yarrow::Texts", "End")},
    Word{"extension", QT_TRANSLATE_NOOP("yarrow::Texts", "Additional details")},
    Word{"family", QT_TRANSLATE_NOOP("yarrow::Texts", "Family name")},
    Word{"gender", QT_TRANSLATE_NOOP("yarrow::Texts", "Sex")},
    Word{"generalPractitioner", QT_TRANSLATE_NOOP("yarrow::Texts", "Family doctor")},
    Word{"given", QT_TRANSLATE_NOOP("yarrow::Texts", "Given names")},
    Word{"identifier", QT_TRANSLATE_NOOP("yarrow::Texts", "Number")},
    Word{"lastOccurrence", QT_TRANSLATE_NOOP("yarrow::Texts", "Last time")},
    Word{"line", QT_TRANSLATE_NOOP("yarrow::Texts", "Street")},
    Word{"managingOrganization", QT_TRANSLATE_NOOP("yarrow::Texts", "Clinic")},
    Word{"maritalStatus", QT_TRANSLATE_NOOP("yarrow::Texts", "Marital status")},
    Word{"medicationCodeableConcept", QT_TRANSLATE_NOOP("yarrow::Texts", "Medicine")},
    Word{"medication[x]", QT_TRANSLATE_NOOP("yarrow::Texts", "Medicine")},
    Word{"minutesDuration", QT_TRANSLATE_NOOP("yarrow::Texts", "Minutes")},
    Word{"name", QT_TRANSLATE_NOOP("yarrow::Texts", "Name")},
    Word{"note", QT_TRANSLATE_NOOP("yarrow::Texts", "Note")},
    Word{"onset[x]", QT_TRANSLATE_NOOP("yarrow::Texts", "Since")},
    Word{"participant", QT_TRANSLATE_NOOP("yarrow::Texts", "Who takes part")},
    Word{"patient", QT_TRANSLATE_NOOP("yarrow::Texts", "Patient")},
    Word{"period", QT_TRANSLATE_NOOP("yarrow::Texts", "Time span")},
    Word{"photo", QT_TRANSLATE_NOOP("yarrow::Texts", "Picture")},
    Word{"postalCode", QT_TRANSLATE_NOOP("yarrow::Texts", "Postal code")},
    Word{"prefix", QT_TRANSLATE_NOOP("yarrow::Texts", "Title")},
    Word{"reaction", QT_TRANSLATE_NOOP("yarrow::Texts", "Reaction")},
    Word{"reasonCode", QT_TRANSLATE_NOOP("yarrow::Texts", "Reason")},
    Word{"recordedDate", QT_TRANSLATE_NOOP("yarrow::Texts", "Recorded on")},
    Word{"serviceType", QT_TRANSLATE_NOOP("yarrow::Texts", "Visit type")},
    Word{"start", QT_TRANSLATE_NOOP("yarrow::Texts", "Start")},
    Word{"state", QT_TRANSLATE_NOOP("yarrow::Texts", "Province")},
    Word{"status", QT_TRANSLATE_NOOP("yarrow::Texts", "State")},
    Word{"subject", QT_TRANSLATE_NOOP("yarrow::Texts", "Patient")},
    Word{"suffix", QT_TRANSLATE_NOOP("yarrow::Texts", "Suffix")},
    Word{"telecom", QT_TRANSLATE_NOOP("yarrow::Texts", "Phone or e-mail")},
    Word{"type", QT_TRANSLATE_NOOP("yarrow::Texts", "Kind")},
    Word{"use", QT_TRANSLATE_NOOP("yarrow::Texts", "Used for")},
    Word{"value", QT_TRANSLATE_NOOP("yarrow::Texts", "Value")},
    Word{"value[x]", QT_TRANSLATE_NOOP("yarrow::Texts", "Value")},
    Word{"verificationStatus", QT_TRANSLATE_NOOP("yarrow::Texts", "Certainty")},
};

template <std::size_t N>
QString wordFor(const std::array<Word, N>& words, const QString& name)
{
    const auto found = std::find_if(words.begin(), words.end(),
                                    [&](const Word& word) { return name == QLatin1String(word.name); });
    return found == words.end() ? QString() : QCoreApplication::translate("yarrow::Texts", found->text);
}

QString keyValue(const PathStep& step, const char* name)
{
    for (const auto& [key, value] : step.key) {
        if (key == QLatin1String(name))
            return value;
    }
    return {};
}

QString contactText(const PathStep& step)
{
    const QString use = keyValue(step, "use");
    if (keyValue(step, "system") == QLatin1String("email")) {
        if (use == QLatin1String("home"))
            return Texts::tr("Private e-mail");
        return use == QLatin1String("work") ? Texts::tr("Work e-mail") : Texts::tr("E-mail");
    }
    if (keyValue(step, "system") == QLatin1String("fax"))
        return Texts::tr("Fax");
    if (keyValue(step, "system") != QLatin1String("phone"))
        return Texts::tr("Phone or e-mail");
    if (use == QLatin1String("mobile"))
        return Texts::tr("Mobile phone");
    if (use == QLatin1String("home"))
        return Texts::tr("Home phone");
    if (use == QLatin1String("work"))
        return Texts::tr("Work phone");
    return use == QLatin1String("old") ? Texts::tr("Former phone") : Texts::tr("Phone");
}

QString identifierText(const PathStep& step)
{
    for (const auto& [name, value] : step.key) {
        if (value == QLatin1String("MR") || value.endsWith(QLatin1String("|MR")))
            return Texts::tr("Record number");
        if (value == QLatin1String("SS") || value.endsWith(QLatin1String("|SS")))
            return Texts::tr("Social security number");
    }
    return Texts::tr("Number");
}

/// What an item of a list is; empty when its name alone must do.
QString itemText(const PathStep& step)
{
    if (step.key.isEmpty())
        return {};
    if (step.name == QLatin1String("telecom"))
        return contactText(step);
    if (step.name == QLatin1String("identifier"))
        return identifierText(step);
    if (step.name == QLatin1String("name") && keyValue(step, "use") == QLatin1String("maiden"))
        return Texts::tr("Maiden name");
    if (step.name == QLatin1String("address") && keyValue(step, "use") == QLatin1String("work"))
        return Texts::tr("Work address");
    return {};
}

/// The members of a name or address speak for themselves; those of other things do not.
bool speaksForItself(const PathStep& parent)
{
    return parent.name == QLatin1String("name") || parent.name == QLatin1String("address") ||
           parent.name == QLatin1String("telecom") || parent.name == QLatin1String("identifier");
}

QString groupText(const QString& type, const PathStep& step)
{
    if (type == QLatin1String("Appointment") && step.members.contains(QLatin1String("start")))
        return Texts::tr("Time, place and state");
    if (type == QLatin1String("MedicationRequest"))
        return Texts::tr("Medicine, dose and state");
    QStringList parts;
    for (const QString& member : step.members)
        parts << memberText(member);
    return parts.join(Texts::tr(", ", "between the elements of a group"));
}

} // namespace

QString nameInWords(const QString& name)
{
    QString words;
    for (const QChar letter : name) {
        if (letter == u'[' || letter == u'_')
            continue;
        if (letter == u']')
            continue;
        if (letter.isUpper() && !words.isEmpty())
            words += u' ';
        words += words.isEmpty() ? letter.toUpper() : letter.toLower();
    }
    if (words.endsWith(QLatin1String("x")) && name.endsWith(QLatin1String("[x]")))
        words.chop(1);
    return words;
}

QString typeText(const QString& type)
{
    const QString word = wordFor(kTypes, type);
    return word.isEmpty() ? nameInWords(type) : word;
}

QString typeIcon(const QString& type)
{
    if (type == QLatin1String("Patient") || type == QLatin1String("RelatedPerson"))
        return QStringLiteral("user");
    if (type == QLatin1String("Appointment"))
        return QStringLiteral("calendar");
    if (type == QLatin1String("Location"))
        return QStringLiteral("room");
    if (type == QLatin1String("Task"))
        return QStringLiteral("inbox");
    if (type == QLatin1String("Practitioner") || type == QLatin1String("PractitionerRole"))
        return QStringLiteral("stethoscope");
    return QStringLiteral("note");
}

QString subjectText(const RecordSubject& subject)
{
    if (!subject.patientName.isEmpty())
        return subject.patientName;
    return subject.name.isEmpty() ? typeText(subject.type) : subject.name;
}

QString subjectFacts(const RecordSubject& subject, const QTimeZone& zone)
{
    QStringList facts{typeText(subject.type)};
    if (subject.start) {
        const QDateTime start = localTime(*subject.start, zone);
        facts << Texts::tr("%1, %2", "date, time").arg(dateText(start.date()), timeText(start.time()));
    }
    if (!subject.patientName.isEmpty() && subject.name != subject.patientName)
        facts << subject.name;
    return joinFacts(facts);
}

QString memberText(const QString& member)
{
    const QString word = wordFor(kElements, member);
    return word.isEmpty() ? nameInWords(member) : word;
}

QString elementText(const QString& type, const ElementPath& path)
{
    if (path.empty())
        return Texts::tr("The whole record");
    QString text;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const PathStep& step = path[i];
        if (!step.members.isEmpty()) {
            const QString group =
                step.members.size() == 1 ? memberText(step.members.front()) : groupText(type, step);
            text = text.isEmpty() ? group : Texts::tr("%1: %2", "element: part of it").arg(text, group);
            continue;
        }
        const bool isValue = i > 0 && step.name == QLatin1String("value");
        if (isValue)
            continue; // "Mobile phone" says it
        QString word = itemText(step);
        if (word.isEmpty())
            word = memberText(step.name);
        if (i > 0 && speaksForItself(path[i - 1]) && itemText(path[i - 1]).isEmpty())
            text = word;
        else
            text = text.isEmpty() ? word : Texts::tr("%1: %2", "element: part of it").arg(text, word);
    }
    return text;
}

} // namespace yarrow
