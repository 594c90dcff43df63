// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/family_desk.h"

namespace yarrow {

QString FamilyRow::name() const
{
    if (member)
        return member->name;
    const HumanName* name = displayName(person.names);
    return name ? formatName(*name) : QString();
}

QString FamilyRow::shortName() const
{
    if (member)
        return memberShortName.isEmpty() ? member->name : memberShortName;
    const HumanName* name = displayName(person.names);
    return name ? yarrow::shortName(*name) : QString();
}

PartialDate FamilyRow::birthDate() const
{
    return member ? member->birthDate : person.birthDate;
}

QString FamilyRow::phone() const
{
    if (member)
        return member->phone;
    for (const ContactPoint& contact : person.telecoms)
        if (contact.system == ContactPoint::System::Phone && contact.use != ContactPoint::Use::Old)
            return contact.value;
    return {};
}

} // namespace yarrow
