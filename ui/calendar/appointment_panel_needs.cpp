// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/appointment_panel.h"

#include "models/items/booking_desk.h"
#include "ui/calendar/closed_time.h"
#include "ui/calendar/combo_id.h"
#include "ui/calendar/patient_picker.h"
#include "ui/calendar/series_texts.h"
#include "ui/widgets/field.h"
#include "ui/widgets/texts.h"

#include <QComboBox>
#include <QDateEdit>
#include <QLocale>
#include <QTimeEdit>

#include <algorithm>

// What the visit type needs, what is in the way of the visit, and what is known of the patient.

namespace yarrow {
namespace {

/// Those that serve come first; the others can be had all the same.
template <class Resources, class IdType>
void fill(QComboBox* box, const QString& none, const Resources& resources, const std::vector<IdType>& wanted)
{
    box->clear();
    addIdItem(box, none, IdType());
    const auto add = [&](bool serves) {
        for (const auto& each : resources) {
            const bool isWanted = std::find(wanted.begin(), wanted.end(), each.id) != wanted.end();
            if (isWanted == serves)
                addIdItem(box, each.name, each.id);
        }
    };
    add(true);
    const int serving = box->count();
    add(false);
    if (serving > 1 && box->count() > serving)
        box->insertSeparator(serving);
}

template <class Resource, class IdType>
bool isClosedThen(const ClinicSession& session, const std::vector<Resource>& resources, const IdType& id,
                  const TimeRange& when)
{
    return std::any_of(resources.begin(), resources.end(), [&](const Resource& each) {
        return each.id == id && isClosed(session.availability(each), when, session.zone());
    });
}

bool isClosedThen(const ClinicSession& session, const LocationId& room, const TimeRange& when)
{
    return isClosedThen(session, session.rooms(), room, when);
}

bool isClosedThen(const ClinicSession& session, const DeviceId& device, const TimeRange& when)
{
    return isClosedThen(session, session.devices(), device, when);
}

template <class Resources, class IdType>
QString namesOf(const Resources& resources, const std::vector<IdType>& wanted)
{
    QStringList names;
    for (const auto& each : resources)
        if (std::find(wanted.begin(), wanted.end(), each.id) != wanted.end())
            names << each.name;
    return QLocale().createSeparatedList(names);
}

} // namespace

std::optional<HealthcareService> AppointmentPanel::chosenService() const
{
    const auto id = chosenId<HealthcareServiceId>(m_service);
    for (const HealthcareService& service : m_session.services())
        if (service.id == id)
            return service;
    return std::nullopt;
}

void AppointmentPanel::offerResources(const std::optional<HealthcareService>& service)
{
    fill(m_room, tr("None"), m_session.rooms(), service ? service->rooms : std::vector<LocationId>());
    fill(m_device, tr("None"), m_session.devices(), service ? service->devices : std::vector<DeviceId>());
    m_deviceField->setVisible(m_device->count() > 1);
}

template <class IdType>
IdType AppointmentPanel::freeOneOf(const std::vector<IdType>& wanted, IdType Appointment::*member) const
{
    const TimeRange when = times();
    const auto rows = m_session.appointmentsOn(m_date->date());
    for (const IdType& id : wanted) {
        const bool isTaken = rows && std::any_of(rows->begin(), rows->end(), [&](const AppointmentRow& row) {
                                 const Appointment& other = row.appointment;
                                 return holdsSlot(other.status) && other.id != m_seen.appointment.id &&
                                        other.*member == id && other.start < when.end &&
                                        when.start < other.end;
                             });
        if (!isTaken && !isClosedThen(m_session, id, when))
            return id;
    }
    // When it is free again is told beside the form; what is closed is not to be had at all.
    const auto open = std::find_if(wanted.begin(), wanted.end(),
                                   [&](const IdType& id) { return !isClosedThen(m_session, id, when); });
    return open == wanted.end() ? IdType() : *open;
}

/// What is chosen already stays where it serves.
void AppointmentPanel::chooseResources(const HealthcareService& service)
{
    const auto serves = [](const auto& wanted, const auto& chosen) {
        return std::find(wanted.begin(), wanted.end(), chosen) != wanted.end();
    };
    if (!service.needsRoom) {
        chooseId(m_room, LocationId());
    } else if (service.rooms.empty()) {
        std::vector<LocationId> rooms;
        for (const Location& room : m_session.rooms())
            rooms.push_back(room.id);
        if (chosenId<LocationId>(m_room).isEmpty())
            chooseId(m_room, freeOneOf(rooms, &Appointment::room));
    } else if (!serves(service.rooms, chosenId<LocationId>(m_room))) {
        chooseId(m_room, freeOneOf(service.rooms, &Appointment::room));
    }
    if (!service.devices.empty() && !serves(service.devices, chosenId<DeviceId>(m_device)))
        chooseId(m_device, freeOneOf(service.devices, &Appointment::device));
}

void AppointmentPanel::showNeeds()
{
    const auto service = chosenService();
    const auto lacks = [](const auto& wanted, const auto& chosen) {
        return !wanted.empty() && std::find(wanted.begin(), wanted.end(), chosen) == wanted.end();
    };
    QString room;
    QString device;
    if (service && service->needsRoom && lacks(service->rooms, chosenId<LocationId>(m_room)))
        room =
            tr("“%1” takes place here: %2.").arg(service->name, namesOf(m_session.rooms(), service->rooms));
    if (service && lacks(service->devices, chosenId<DeviceId>(m_device)))
        device = tr("“%1” needs one of these: %2.")
                     .arg(service->name, namesOf(m_session.devices(), service->devices));
    m_roomField->setWarning(room);
    m_deviceField->setWarning(device);
}

AppointmentPanel::InTheWay AppointmentPanel::inTheWay() const
{
    const AppointmentRow row = wished();
    const Appointment& visit = row.appointment;
    const bool takesNothing = visit.practitioner.isEmpty() && visit.room.isEmpty() && visit.device.isEmpty();
    if (recurrence() || takesNothing) // a series has its own preview
        return {};
    auto plan = m_session.booking().planVisit(row);
    if (!plan || plan->visits.empty())
        return {};
    PlannedVisit& planned = plan->visits.front();
    const std::string own = "Practitioner/" + visit.practitioner.text();
    std::erase_if(planned.obstacles, [&](const VisitObstacle& obstacle) {
        const bool isOfHours =
            obstacle.kind == ObstacleKind::Blocked || obstacle.kind == ObstacleKind::OutsideHours;
        // Who walks in is booked a little late.
        return obstacle.kind == ObstacleKind::Past || (isOfHours && obstacle.actor == own);
    });
    InTheWay found;
    found.isRefused = planned.isRefused;
    found.sentences = obstacleSentences(
        planned.obstacles, *plan,
        [this](const std::string& reference) { return resourceName(reference, m_session); },
        m_session.zone());
    if (!found.sentences.isEmpty() && planned.nextFree)
        found.sentences << tr("Next free: %1.", "weekday, date, time")
                               .arg(shortMoment(planned.nextFree->start, m_session.zone()));
    return found;
}

void AppointmentPanel::showWarnings()
{
    m_lookPause.stop();
    m_inTheWay = inTheWay().sentences;
    sayWarnings();
}

void AppointmentPanel::sayWarnings()
{
    QStringList sentences = m_inTheWay;
    if (const QString hours = hoursWarning(); !hours.isEmpty())
        sentences.prepend(hours);
    m_startField->setWarning(sentences.join(u' '));
}

bool AppointmentPanel::isLookedAt()
{
    const InTheWay found = inTheWay();
    if (found.isRefused || found.sentences.isEmpty() || found.sentences == m_inTheWay)
        return true;
    showWarnings();
    m_start->setFocus(Qt::OtherFocusReason);
    return false;
}

/// Who did not come before may be asked to confirm.
void AppointmentPanel::showAttendance()
{
    const auto& patient = m_patient->patient();
    const auto found = patient ? m_session.booking().attendance(patient->id) : Attendance();
    if (!found || !found->lastMissed) {
        m_patientField->setWarning({});
        return;
    }
    const QDate last = localTime(*found->lastMissed, m_session.zone()).date();
    m_patientField->setWarning(
        tr("Missed appointments: %1, the last on %2. Kept: %3.")
            .arg(QLocale().toString(found->missed), dateText(last), QLocale().toString(found->kept)));
}

} // namespace yarrow
