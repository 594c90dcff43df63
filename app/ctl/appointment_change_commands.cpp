// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/appointment_row.h"
#include "app/ctl/command.h"
#include "app/ctl/given_time.h"

namespace yarrow::ctl {

namespace {

/// Books `appointment`, or saves what became of it, and prints the result.
Result<ExitCode> save(Context& context, Clinic& clinic, const Appointment& appointment, std::int64_t revision,
                      const std::string& note, const char* what)
{
    const auto saved = clinic.appointments().save(appointment, revision, note);
    if (!saved)
        return fail(saved.error());
    printSaved(context.out, what, saved->now, clinic.zone());
    return ExitCode::Done;
}

class BookAppointment final : public Command
{
public:
    explicit BookAppointment(CLI::App& group)
        : Command(group, "book", "Book an appointment")
    {
        app().add_option("--patient", m_patient, "The patient's id")->required()->check(isId());
        app()
            .add_option("--practitioner", m_practitioner, "The practitioner's id")
            ->required()
            ->check(isId());
        app().add_option("--at,--start", m_at, "When it starts")->required()->check(isTime());
        app()
            .add_option("--duration", m_minutes, "Length in minutes")
            ->check(CLI::Range(1, 24 * 60))
            ->capture_default_str();
        app().add_option("--room", m_room, "The room's id")->check(isId());
        app().add_option("--device", m_device, "The device's id")->check(isId());
        app().add_option("--service", m_service, "The visit type's id")->check(isId());
        app().add_option("--description", m_description, "What the visit is about");
        app().add_option("--comment", m_comment, "A note for the desk");
        app().add_option("--overbook", m_overbook, "Book although the time is taken, for this reason");
        app().add_option("--note", m_note, "Why, for the audit trail");
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        Appointment visit;
        visit.patient = idOf<PatientId>(m_patient);
        visit.practitioner = idOf<PractitionerId>(m_practitioner);
        visit.room = idOf<LocationId>(m_room);
        visit.device = idOf<DeviceId>(m_device);
        visit.service = idOf<HealthcareServiceId>(m_service);
        visit.start = GivenTime::parse(m_at)->in((*clinic)->zone());
        visit.end = visit.start + std::chrono::minutes(m_minutes);
        visit.description = QString::fromStdString(m_description);
        visit.comment = QString::fromStdString(m_comment);
        visit.overbookReason = m_overbook;
        return save(context, **clinic, visit, 0, m_note, "Booked for");
    }

private:
    std::string m_patient;
    std::string m_practitioner;
    std::string m_at;
    int m_minutes = 15;
    std::string m_room;
    std::string m_device;
    std::string m_service;
    std::string m_description;
    std::string m_comment;
    std::string m_overbook;
    std::string m_note;
};

class MoveAppointment final : public Command
{
public:
    explicit MoveAppointment(CLI::App& group)
        : Command(group, "move", "Move an appointment to another time, practitioner or room")
    {
        app().add_option("id", m_id, "The appointment's id")->required()->check(isId());
        app().add_option("--to,--at", m_to, "When it starts from now on")->check(isTime());
        app()
            .add_option("--duration", m_minutes, "Length in minutes (default: as before)")
            ->check(CLI::Range(1, 24 * 60));
        app().add_option("--practitioner", m_practitioner, "Another practitioner's id")->check(isId());
        app().add_option("--room", m_room, "Another room's id")->check(isId());
        app().add_option("--overbook", m_overbook, "Move although the time is taken, for this reason");
        app().add_option("--note", m_note, "Why, for the audit trail");
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto before = (*clinic)->appointments().view(AppointmentId::known(m_id));
        if (!before)
            return fail(before.error());
        Appointment visit = before->appointment;
        const auto length = m_minutes > 0 ? std::chrono::minutes(m_minutes) : visit.end - visit.start;
        if (!m_to.empty())
            visit.start = GivenTime::parse(m_to)->in((*clinic)->zone());
        visit.end = visit.start + length;
        if (!m_practitioner.empty())
            visit.practitioner = idOf<PractitionerId>(m_practitioner);
        if (!m_room.empty())
            visit.room = idOf<LocationId>(m_room);
        if (!m_overbook.empty())
            visit.overbookReason = m_overbook;
        return save(context, **clinic, visit, before->revision, m_note, "Moved to");
    }

private:
    std::string m_id;
    std::string m_to;
    int m_minutes = 0;
    std::string m_practitioner;
    std::string m_room;
    std::string m_overbook;
    std::string m_note;
};

class CancelAppointment final : public Command
{
public:
    explicit CancelAppointment(CLI::App& group)
        : Command(group, "cancel", "Cancel an appointment")
    {
        app().add_option("id", m_id, "The appointment's id")->required()->check(isId());
        app()
            .add_option(
                "--reason", m_reason,
                "A code of FHIR appointment-cancellation-reason, such as pat (the patient) or prov (the "
                "practitioner)")
            ->check(isCode());
        app().add_option("--note", m_note, "Why, for the audit trail");
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto before = (*clinic)->appointments().view(AppointmentId::known(m_id));
        if (!before)
            return fail(before.error());
        Appointment visit = before->appointment;
        visit.status = AppointmentStatus::Cancelled;
        visit.cancelReason = m_reason;
        return save(context, **clinic, visit, before->revision, m_note, "Cancelled, it was");
    }

private:
    /// FHIR `code`: no white space but single spaces inside.
    static CLI::Validator isCode()
    {
        return CLI::Validator(
            [](std::string& value) {
                const QString text = QString::fromStdString(value);
                return !text.isEmpty() && text == text.simplified() ? std::string()
                                                                    : "\"" + value + "\" is not a code";
            },
            std::string());
    }

    std::string m_id;
    std::string m_reason;
    std::string m_note;
};

} // namespace

void addAppointmentChangeCommands(CLI::App& group, Commands& commands)
{
    commands.push_back(std::make_unique<BookAppointment>(group));
    commands.push_back(std::make_unique<MoveAppointment>(group));
    commands.push_back(std::make_unique<CancelAppointment>(group));
}

} // namespace yarrow::ctl
