// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/family.h"

namespace yarrow {

Relation inverse(Relation relation) noexcept
{
    switch (relation) {
    case Relation::Parent:
        return Relation::Child;
    case Relation::Child:
        return Relation::Parent;
    case Relation::Grandparent:
        return Relation::Grandchild;
    case Relation::Grandchild:
        return Relation::Grandparent;
    case Relation::Guardian:
        return Relation::Ward;
    case Relation::Ward:
        return Relation::Guardian;
    case Relation::Spouse:
    case Relation::Partner:
    case Relation::Sibling:
    case Relation::Relative:
    case Relation::Contact:
        break;
    }
    return relation;
}

std::vector<PatientProblem> validate(const RelatedPerson& person, QDate today)
{
    Patient same;
    same.names = person.names;
    same.telecoms = person.telecoms;
    same.birthDate = person.birthDate;
    return validate(same, today);
}

} // namespace yarrow
