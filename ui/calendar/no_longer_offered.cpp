// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/no_longer_offered.h"

#include "models/items/clinic_session.h"
#include "models/items/directory_desk.h"

#include <QCoreApplication>

#include <algorithm>

namespace yarrow {
namespace {

QString choiceText(const QString& name)
{
    return name.isEmpty()
               ? QCoreApplication::translate("NoLongerOffered", "Not offered any more")
               : QCoreApplication::translate("NoLongerOffered", "%1 (not offered any more)", "a name")
                     .arg(name);
}

template <class IdType, class Value>
QString textOf(ClinicSession& session, std::vector<Revised<Value>> DirectoryEntries::*list, const IdType& id)
{
    const auto entries = session.directory().entries();
    if (entries)
        for (const Revised<Value>& each : (*entries).*list)
            if (each.value.id == id)
                return choiceText(each.value.name);
    return choiceText({});
}

} // namespace

QString noLongerOffered(ClinicSession& session, const HealthcareServiceId& id)
{
    return textOf(session, &DirectoryEntries::services, id);
}

QString noLongerOffered(ClinicSession& session, const LocationId& id)
{
    return textOf(session, &DirectoryEntries::rooms, id);
}

QString noLongerOffered(ClinicSession& session, const DeviceId& id)
{
    return textOf(session, &DirectoryEntries::devices, id);
}

QString noLongerOffered(ClinicSession& session, const PractitionerId& id)
{
    if (const auto entries = session.directory().entries())
        for (const StaffEntry& each : entries->staff)
            if (each.practitioner.value.id == id)
                return choiceText(formatName(each.practitioner.value));
    return choiceText({});
}

} // namespace yarrow
