// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/patients/family_texts.h"

#include "ui/widgets/texts.h"

#include <QCoreApplication>

namespace yarrow {
namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(FamilyTexts)
};

} // namespace

QString relationText(Relation relation)
{
    switch (relation) {
    case Relation::Parent:
        return Texts::tr("Parent");
    case Relation::Child:
        return Texts::tr("Child");
    case Relation::Spouse:
        return Texts::tr("Spouse");
    case Relation::Partner:
        return Texts::tr("Partner");
    case Relation::Sibling:
        return Texts::tr("Sibling");
    case Relation::Grandparent:
        return Texts::tr("Grandparent");
    case Relation::Grandchild:
        return Texts::tr("Grandchild");
    case Relation::Guardian:
        return Texts::tr("Guardian");
    case Relation::Ward:
        return Texts::tr("Ward", "somebody whose guardian the patient is");
    case Relation::Relative:
        return Texts::tr("Relative");
    case Relation::Contact:
        break;
    }
    return Texts::tr("Contact person");
}

QString relationText(const FamilyRow& row)
{
    const bool isWorded = row.relation == Relation::Contact && !row.isReciprocal;
    return isWorded && !row.person.relationText.isEmpty() ? row.person.relationText
                                                          : relationText(row.relation);
}

QString familyFacts(const FamilyRow& row, QDate today)
{
    const PartialDate born = row.birthDate();
    QStringList facts{relationText(row)};
    if (!born.isEmpty())
        facts << Texts::tr("%1, born %2", "age, birth date").arg(ageText(born, today), dateText(born));
    facts << row.phone();
    if (row.told.relative)
        facts << Texts::tr("may be told");
    if (row.told.patient)
        facts << Texts::tr("this patient may be told");
    facts.removeAll(QString());
    return joinFacts(facts);
}

} // namespace yarrow
