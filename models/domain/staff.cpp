// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/staff.h"

namespace yarrow {

QString formatName(const Practitioner& practitioner)
{
    const HumanName* name = displayName(practitioner.names);
    if (name == nullptr)
        return {};
    if (name->family.trimmed().isEmpty() && name->given.join(u' ').trimmed().isEmpty())
        return name->text.trimmed();
    return (name->prefix + name->given + QStringList{name->family}).join(u' ').simplified();
}

} // namespace yarrow
