// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/appointment_row.h"
#include "app/ctl/command.h"
#include "app/ctl/given_time.h"

#include <map>

namespace yarrow::ctl {

namespace {

/// What changes an appointment that is there, alone or with others of its series.
class ChangeAppointment : public Command
{
public:
    Result<ExitCode> run(Context& context) final
    {
        const auto opened = context.openClinic();
        if (!opened)
            return fail(opened.error());
        Clinic& clinic = **opened;
        const auto before = clinic.appointments().view(AppointmentId::known(m_id));
        if (!before)
            return fail(before.error());
        Appointment wished = before->appointment;
        change(wished, clinic.zone());
        auto changes = clinic.series().change(before->appointment, before->revision, wished, m_scope);
        if (!changes)
            return fail(changes.error());
        const auto saved = clinic.appointments().saveAll(std::move(changes->visits), m_note);
        if (!saved)
            return fail(saved.error());
        if (m_scope == SeriesScope::This)
            printSaved(context.out, m_done, saved->front().now, clinic.zone());
        else
            printSeries(context.out, m_done, *saved, clinic.zone());
        return ExitCode::Done;
    }

protected:
    /// `done` begins the sentence that says what was done.
    ChangeAppointment(CLI::App& group, const char* name, const char* description, const char* done)
        : Command(group, name, description)
        , m_done(done)
    {
        static const std::map<std::string, SeriesScope> kScopes{
            {"this", SeriesScope::This}, {"following", SeriesScope::Following}, {"all", SeriesScope::All}};
        app().add_option("id", m_id, "The appointment's id")->required()->check(isId());
        app()
            .add_option("--scope", m_scope,
                        "What of its series: this, following (and this) or all that are still to come")
            ->transform(CLI::CheckedTransformer(kScopes));
        app().add_option("--note", m_note, "Why, for the audit trail");
    }

private:
    virtual void change(Appointment& visit, const QTimeZone& zone) const = 0;

    const char* m_done;
    std::string m_id;
    SeriesScope m_scope = SeriesScope::This;
    std::string m_note;
};

class MoveAppointment final : public ChangeAppointment
{
public:
    explicit MoveAppointment(CLI::App& group)
        : ChangeAppointment(group, "move", "Move an appointment to another time, practitioner or room",
                            "Moved to")
    {
        app().add_option("--to,--at", m_to, "When it starts from now on")->check(isTime());
        app()
            .add_option("--duration", m_minutes, "Length in minutes (default: as before)")
            ->check(CLI::Range(1, 24 * 60));
        app().add_option("--practitioner", m_practitioner, "Another practitioner's id")->check(isId());
        app().add_option("--room", m_room, "Another room's id")->check(isId());
        app().add_option("--device", m_device, "Another device's id")->check(isId());
        app().add_option("--overbook", m_overbook, "Move although the time is taken, for this reason");
    }

private:
    void change(Appointment& visit, const QTimeZone& zone) const override
    {
        const auto length = m_minutes > 0 ? std::chrono::minutes(m_minutes) : visit.end - visit.start;
        if (!m_to.empty())
            visit.start = GivenTime::parse(m_to)->in(zone);
        visit.end = visit.start + length;
        if (!m_practitioner.empty())
            visit.practitioner = idOf<PractitionerId>(m_practitioner);
        if (!m_room.empty())
            visit.room = idOf<LocationId>(m_room);
        if (!m_device.empty())
            visit.device = idOf<DeviceId>(m_device);
        if (!m_overbook.empty())
            visit.overbookReason = m_overbook;
    }

    std::string m_to;
    int m_minutes = 0;
    std::string m_practitioner;
    std::string m_room;
    std::string m_device;
    std::string m_overbook;
};

class CancelAppointment final : public ChangeAppointment
{
public:
    explicit CancelAppointment(CLI::App& group)
        : ChangeAppointment(group, "cancel", "Cancel an appointment", "Cancelled, it was")
    {
        app()
            .add_option(
                "--reason", m_reason,
                "A code of FHIR appointment-cancellation-reason, such as pat (the patient) or prov (the "
                "practitioner)")
            ->check(isCode());
    }

private:
    void change(Appointment& visit, const QTimeZone& /*zone*/) const override
    {
        visit.status = AppointmentStatus::Cancelled;
        visit.cancelReason = m_reason;
    }

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

    std::string m_reason;
};

} // namespace

void addAppointmentChangeCommands(CLI::App& group, Commands& commands)
{
    commands.push_back(std::make_unique<MoveAppointment>(group));
    commands.push_back(std::make_unique<CancelAppointment>(group));
}

} // namespace yarrow::ctl
