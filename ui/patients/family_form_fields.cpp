// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/patient_desk.h"
#include "ui/calendar/patient_picker.h"
#include "ui/patients/birth_date_text.h"
#include "ui/patients/family_form.h"
#include "ui/patients/family_texts.h"
#include "ui/widgets/field.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QLocale>

#include <algorithm>

// From the record to the form's fields and back: what they show, as drafts have them, and what is wrong with
// what was typed.

namespace yarrow {
namespace {

// Fields of a draft.
const QString kOther = QStringLiteral("other");
const QString kMember = QStringLiteral("member");
const QString kMemberName = QStringLiteral("memberName");
const QString kSearch = QStringLiteral("search");
const QString kRelation = QStringLiteral("relation");
const QString kFamily = QStringLiteral("family");
const QString kGiven = QStringLiteral("given");
const QString kPhone = QStringLiteral("phone");
const QString kBirthDate = QStringLiteral("birthDate");
const QString kMayBeTold = QStringLiteral("mayBeTold");
const QString kPatientMayBeTold = QStringLiteral("patientMayBeTold");
constexpr int kNoRelation = -1;

constexpr Relation kRelations[] = {Relation::Parent,     Relation::Child,    Relation::Spouse,
                                   Relation::Partner,    Relation::Sibling,  Relation::Grandparent,
                                   Relation::Grandchild, Relation::Guardian, Relation::Ward,
                                   Relation::Relative,   Relation::Contact};

/// The first phone number; where there is none, where it would stand.
std::vector<ContactPoint>::iterator phoneIn(std::vector<ContactPoint>& telecoms)
{
    return std::find_if(telecoms.begin(), telecoms.end(), [](const ContactPoint& contact) {
        return contact.system == ContactPoint::System::Phone && contact.use != ContactPoint::Use::Old;
    });
}

} // namespace

/// Shows the record as it was read.
void FamilyForm::load()
{
    m_loading = true;
    setBusy(false);
    m_note->say(Tone::Info, {});
    m_relation->clear();
    for (const Relation each : kRelations) {
        // A record that is there is not turned round to say who answers for whom.
        if (isNew() || each != (m_row.isReciprocal ? Relation::Guardian : Relation::Ward))
            m_relation->addItem(relationText(each), static_cast<int>(each));
    }
    RelatedPerson person = m_row.person;
    const HumanName* name = displayName(person.names);
    const auto phone = phoneIn(person.telecoms);
    const int shown = isNew() ? kNoRelation : static_cast<int>(m_row.relation);
    showFields({{kOther, !isNew() && !m_row.member},
                {kMember, m_row.member ? QString::fromStdString(m_row.member->id.text()) : QString()},
                {kMemberName, m_row.member ? m_row.member->name : QString()},
                {kSearch, QString()},
                {kRelation, shown},
                {kFamily, name ? name->family : QString()},
                {kGiven, name ? name->given.join(u' ') : QString()},
                {kPhone, phone == person.telecoms.end() ? QString() : phone->value},
                {kBirthDate, dateText(person.birthDate)},
                {kMayBeTold, m_row.told.relative},
                {kPatientMayBeTold, m_row.told.patient}});
    m_loading = false;
    m_clean = fields();
}

QJsonObject FamilyForm::fields() const
{
    const auto& member = m_member->patient();
    return {{kOther, m_other->isChecked()},
            {kMember, member ? QString::fromStdString(member->id.text()) : QString()},
            {kMemberName, member ? member->name : QString()},
            {kSearch, member ? QString() : m_member->searchText()},
            {kRelation, m_relation->currentIndex() < 0 ? kNoRelation : m_relation->currentData().toInt()},
            {kFamily, m_family->text()},
            {kGiven, m_given->text()},
            {kPhone, m_phone->text()},
            {kBirthDate, m_birthDate->text()},
            {kMayBeTold, m_mayBeTold->isChecked()},
            {kPatientMayBeTold, m_patientMayBeTold->isChecked()}};
}

void FamilyForm::showFields(const QJsonObject& fields)
{
    m_other->setChecked(fields[kOther].toBool());
    const QString member = fields[kMember].toString();
    const QString search = fields[kSearch].toString();
    if (!member.isEmpty()) {
        PatientRow row;
        row.id = PatientId::known(member.toStdString());
        row.name = fields[kMemberName].toString();
        m_member->setPatient(m_session.patientDesk().listed(row.id).value_or(row));
    } else if (!search.isEmpty()) {
        m_member->search(search);
    } else {
        m_member->setPatient(std::nullopt);
    }
    m_relation->setCurrentIndex(m_relation->findData(fields[kRelation].toInt(kNoRelation)));
    m_family->setText(fields[kFamily].toString());
    m_given->setText(fields[kGiven].toString());
    m_phone->setText(fields[kPhone].toString());
    m_birthDate->setText(fields[kBirthDate].toString());
    m_mayBeTold->setChecked(fields[kMayBeTold].toBool());
    m_patientMayBeTold->setChecked(fields[kPatientMayBeTold].toBool());
    for (Field* field : {m_memberField, m_relationField, m_familyField, m_phoneField, m_birthDateField})
        field->setError({});
    showKind();
}

std::optional<Relation> FamilyForm::relation() const
{
    if (m_relation->currentIndex() < 0)
        return std::nullopt;
    return static_cast<Relation>(m_relation->currentData().toInt());
}

Told FamilyForm::told() const
{
    return {m_mayBeTold->isChecked(), !isOther() && m_patientMayBeTold->isChecked()};
}

/// Takes over what was typed of somebody who is no patient; says beside the fields what is wrong with it.
bool FamilyForm::check(RelatedPerson& person)
{
    HumanName name;
    const HumanName* known = displayName(person.names);
    const auto place = known ? known - person.names.data() : 0;
    if (known)
        name = *known;
    name.family = m_family->text().simplified();
    name.given = m_given->text().simplified().split(u' ', Qt::SkipEmptyParts);
    if (known)
        person.names[static_cast<std::size_t>(place)] = name;
    else
        person.names.push_back(name);
    const QString number = m_phone->text().simplified();
    const auto phone = phoneIn(person.telecoms);
    if (phone != person.telecoms.end() && number.isEmpty())
        person.telecoms.erase(phone);
    else if (phone != person.telecoms.end())
        phone->value = number;
    else if (!number.isEmpty())
        person.telecoms.push_back({ContactPoint::System::Phone, ContactPoint::Use::Unset, number, 0});
    bool isFine = true;
    const auto refuse = [&](Field* field, const QString& sentence) {
        field->setError(sentence);
        if (isFine)
            field->control()->setFocus();
        isFine = false;
    };
    const QString typedDate = m_birthDate->text().trimmed();
    if (typedDate != dateText(person.birthDate)) {
        if (const auto date = readBirthDate(typedDate, today(), QLocale()))
            person.birthDate = *date;
        else
            refuse(m_birthDateField, tr("Write it like 31.12.1980, or leave it empty."));
    }
    for (const PatientProblem& problem : validate(person, today())) {
        switch (problem.field) {
        case PatientProblem::Field::Phone:
            refuse(m_phoneField, tr("A phone number has three to twenty digits."));
            break;
        case PatientProblem::Field::BirthDate:
            refuse(m_birthDateField, problem.rule == PatientProblem::Rule::InFuture
                                         ? tr("This day is still to come.")
                                         : tr("This is more than 130 years ago."));
            break;
        default:
            refuse(m_familyField, tr("Write a family or a given name."));
        }
    }
    if (!relation())
        refuse(m_relationField, tr("Choose what they are to the patient."));
    if (relation() == Relation::Ward && !m_row.isReciprocal)
        refuse(m_familyField, tr("A ward is a patient of the clinic. Register them first."));
    return isFine;
}

} // namespace yarrow
