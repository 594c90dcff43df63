// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/appointment_row.h"

#include "app/ctl/given_time.h"
#include "models/fhir/appointment_fhir.h"

namespace yarrow::ctl {

Result<Names> Names::of(const Clinic& clinic)
{
    const auto connection = clinic.openReadConnection();
    if (!connection)
        return fail(connection.error());
    const auto directory = ClinicReader(**connection).directory();
    if (!directory)
        return fail(directory.error());
    Names names;
    for (const Practitioner& practitioner : directory->practitioners)
        names.m_names.emplace(practitioner.id.text(), formatName(practitioner).toStdString());
    for (const Location& room : directory->rooms)
        names.m_names.emplace(room.id.text(), room.name.toStdString());
    return names;
}

std::string Names::find(const std::string& id) const
{
    const auto known = m_names.find(id);
    return known == m_names.end() ? id : known->second;
}

Json toJson(const ListedAppointment& listed, const QTimeZone& zone)
{
    const Appointment& visit = listed.appointment;
    Json row = Json::object();
    row.set("id", visit.id.text());
    row.set("start", hasTimes(visit) ? localText(visit.start, zone) : std::string());
    row.set("end", hasTimes(visit) ? localText(visit.end, zone) : std::string());
    row.set("status", fhir::statusCode(visit.status));
    row.set("patient", visit.patient.text());
    row.set("patientName", listed.patientName);
    row.set("practitioner", visit.practitioner.text());
    row.set("room", visit.room.text());
    row.set("device", visit.device.text());
    row.set("service", visit.service.text());
    row.set("description", visit.description.toStdString());
    row.set("comment", visit.comment.toStdString());
    row.set("cancelReason", visit.cancelReason);
    row.set("overbookReason", visit.overbookReason);
    if (visit.series) {
        row.set("series", visit.series->series);
        row.set("rule", visit.series->rule);
        row.set("planned", localText(visit.series->planned, zone));
    }
    row.set("revision", listed.revision);
    row.set("unsent", listed.unsent);
    return row;
}

void printSaved(Output& out, const char* what, const ListedAppointment& saved, const QTimeZone& zone)
{
    if (out.isJson())
        out.json(toJson(saved, zone));
    else
        out.line(std::string(what) + " " + localTextForPeople(saved.appointment.start, zone) +
                 ", Appointment/" + saved.appointment.id.text());
}

void printSeries(Output& out, const char* what, const std::vector<AppointmentCommands::Saved>& saved,
                 const QTimeZone& zone)
{
    if (!out.isJson()) {
        for (const AppointmentCommands::Saved& each : saved)
            printSaved(out, what, each.now, zone);
        return;
    }
    Json list = Json::array();
    for (const AppointmentCommands::Saved& each : saved)
        list.append(toJson(each.now, zone));
    out.json(list);
}

} // namespace yarrow::ctl
