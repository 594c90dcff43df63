// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/patient.h"

#include "models/domain/record_number.h"

#include <algorithm>

namespace yarrow {
namespace {

constexpr int kOldestAge = 130;
constexpr int kFewestPhoneDigits = 3;
constexpr int kMostPhoneDigits = 20;

bool hasText(const HumanName& name)
{
    return !formatName(name).isEmpty();
}

bool isFormer(const HumanName& name)
{
    return name.use == HumanName::Use::Old || name.use == HumanName::Use::Maiden;
}

bool isPhoneNumber(const QString& value)
{
    const auto digits = std::count_if(value.begin(), value.end(), [](QChar c) { return c.isDigit(); });
    return digits >= kFewestPhoneDigits && digits <= kMostPhoneDigits;
}

bool isEmailAddress(const QString& value)
{
    if (std::any_of(value.begin(), value.end(), [](QChar c) { return c.isSpace(); }))
        return false;
    const QStringList halves = value.split(u'@');
    if (halves.size() != 2 || halves.first().isEmpty())
        return false;
    const QStringList labels = halves.last().split(u'.');
    return labels.size() >= 2 && !labels.contains(QString());
}

} // namespace

const HumanName* displayName(const std::vector<HumanName>& names) noexcept
{
    const auto firstWhere = [&names](auto&& suits) -> const HumanName* {
        const auto found = std::find_if(names.begin(), names.end(),
                                        [&](const HumanName& name) { return hasText(name) && suits(name); });
        return found == names.end() ? nullptr : &*found;
    };
    if (const auto* name = firstWhere([](const HumanName& n) { return n.use == HumanName::Use::Official; }))
        return name;
    if (const auto* name = firstWhere([](const HumanName& n) { return n.use == HumanName::Use::Usual; }))
        return name;
    if (const auto* name = firstWhere([](const HumanName& n) { return !isFormer(n); }))
        return name;
    return firstWhere([](const HumanName&) { return true; });
}

const HumanName* displayName(const Patient& patient) noexcept
{
    return displayName(patient.names);
}

QString formatName(const HumanName& name)
{
    const QString family = name.family.trimmed();
    const QString given = name.given.join(u' ').simplified();
    if (family.isEmpty() && given.isEmpty())
        return name.text.trimmed();
    if (family.isEmpty() || given.isEmpty())
        return family + given;
    return family + QStringLiteral(", ") + given;
}

QString shortName(const HumanName& name)
{
    const QString given = name.given.join(u' ').simplified();
    return given.isEmpty() ? formatName(name) : given;
}

QString shortName(const Patient& patient)
{
    const HumanName* name = displayName(patient);
    return name ? shortName(*name) : QString();
}

QString medicalRecordNumber(const Patient& patient)
{
    const auto found =
        std::find_if(patient.identifiers.begin(), patient.identifiers.end(), [](const Identifier& i) {
            return i.typeCode == "MR" && i.use != Identifier::Use::Old && !i.value.isEmpty();
        });
    return found == patient.identifiers.end() ? QString() : found->value;
}

void giveRecordNumber(Patient& patient, const std::string& number)
{
    for (Identifier& identifier : patient.identifiers) {
        if (identifier.typeCode == "MR")
            identifier.use = Identifier::Use::Old;
    }
    patient.identifiers.push_back(
        {Identifier::Use::Usual, std::string(kRecordNumberSystem), "MR", QString::fromStdString(number)});
}

std::vector<PatientProblem> validate(const Patient& patient, QDate today)
{
    using Field = PatientProblem::Field;
    using Rule = PatientProblem::Rule;
    YARROW_ASSERT(today.isValid());
    std::vector<PatientProblem> problems;

    if (displayName(patient) == nullptr)
        problems.push_back({Field::Family, Rule::Missing});

    if (!patient.birthDate.isEmpty()) {
        if (patient.birthDate.earliest() > today)
            problems.push_back({Field::BirthDate, Rule::InFuture});
        else if (patient.birthDate.latest() < today.addYears(-kOldestAge))
            problems.push_back({Field::BirthDate, Rule::TooOld});
    }

    for (const ContactPoint& telecom : patient.telecoms) {
        if (telecom.value.trimmed().isEmpty())
            continue;
        switch (telecom.system) {
        case ContactPoint::System::Phone:
        case ContactPoint::System::Fax:
        case ContactPoint::System::Sms:
            if (!isPhoneNumber(telecom.value))
                problems.push_back({Field::Phone, Rule::NotANumber});
            break;
        case ContactPoint::System::Email:
            if (!isEmailAddress(telecom.value.trimmed()))
                problems.push_back({Field::Email, Rule::NotAnAddress});
            break;
        case ContactPoint::System::Pager:
        case ContactPoint::System::Url:
        case ContactPoint::System::Other:
            break;
        }
    }
    return problems;
}

} // namespace yarrow
