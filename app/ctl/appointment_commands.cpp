// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/appointment_row.h"
#include "app/ctl/command.h"
#include "app/ctl/given_time.h"
#include "models/fhir/appointment_fhir.h"

namespace yarrow::ctl {

namespace {

class ListAppointments final : public Command
{
public:
    explicit ListAppointments(CLI::App& group)
        : Command(group, "list", "List the appointments of a day")
    {
        app().add_option("--date", m_date, "The day on the clinic's calendar")->required()->check(isDay());
        app().add_option("--practitioner", m_practitioner, "Only with this practitioner's id")->check(isId());
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const QTimeZone zone = (*clinic)->zone();
        const QDate day = *parseDay(m_date, toLocalDate((*clinic)->clock().now(), zone));
        std::optional<PractitionerId> practitioner;
        if (!m_practitioner.empty())
            practitioner = idOf<PractitionerId>(m_practitioner);
        const auto listed = (*clinic)->appointments().list(day, practitioner);
        if (!listed)
            return fail(listed.error());
        if (context.out.isJson()) {
            Json list = Json::array();
            for (const ListedAppointment& appointment : *listed)
                list.append(toJson(appointment, zone));
            context.out.json(list);
            return ExitCode::Done;
        }
        const auto names = Names::of(**clinic);
        if (!names)
            return fail(names.error());
        std::vector<std::vector<std::string>> rows;
        for (const ListedAppointment& row : *listed) {
            const Appointment& visit = row.appointment;
            rows.push_back({localTextForPeople(visit.start, zone), localTextForPeople(visit.end, zone),
                            std::string(fhir::statusCode(visit.status)), row.patientName,
                            (*names)(visit.practitioner), (*names)(visit.room), visit.id.text()});
        }
        context.out.table({"FROM", "UNTIL", "STATUS", "PATIENT", "PRACTITIONER", "ROOM", "ID"}, rows,
                          "No appointments on that day.");
        return ExitCode::Done;
    }

private:
    std::string m_date;
    std::string m_practitioner;
};

class FindOpenings final : public Command
{
public:
    explicit FindOpenings(CLI::App& group)
        : Command(group, "openings", "Find times at which a practitioner and a room are free")
    {
        app()
            .add_option("--duration", m_minutes, "Length in minutes")
            ->required()
            ->check(CLI::Range(1, 24 * 60));
        app().add_option("--practitioner", m_practitioner, "Only of this practitioner's id")->check(isId());
        app()
            .add_option("--service", m_service,
                        "The visit type's id: its buffers, rooms and devices are regarded")
            ->check(isId());
        app().add_option("--from", m_from, "No earlier than this (default: now)")->check(isTime());
        app()
            .add_option("--days", m_days, "How many days to look at")
            ->check(CLI::Range(1, 366))
            ->capture_default_str();
        app().add_option("--after", m_after, "Not before this time of day, HH:MM")->check(isTimeOfDay());
        app().add_option("--before", m_before, "Over by this time of day, HH:MM")->check(isTimeOfDay());
        app()
            .add_option("--limit", m_limit, "At most so many openings")
            ->check(CLI::Range(1, 1000))
            ->capture_default_str();
        app().add_flag("--no-room", m_noRoom, "No room is needed");
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const QTimeZone zone = (*clinic)->zone();
        const auto openings = (*clinic)->appointments().openings(request(**clinic));
        if (!openings)
            return fail(openings.error());
        const auto names = Names::of(**clinic);
        if (!names)
            return fail(names.error());
        if (context.out.isJson()) {
            Json list = Json::array();
            for (const Opening& opening : *openings) {
                Json row = Json::object();
                row.set("start", localText(opening.when.start, zone));
                row.set("end", localText(opening.when.end, zone));
                row.set("practitioner", opening.practitioner.text());
                row.set("practitionerName", (*names)(opening.practitioner));
                row.set("room", opening.room.text());
                row.set("roomName", (*names)(opening.room));
                row.set("device", opening.device.text());
                list.append(std::move(row));
            }
            context.out.json(list);
            return ExitCode::Done;
        }
        std::vector<std::vector<std::string>> rows;
        for (const Opening& opening : *openings)
            rows.push_back({localTextForPeople(opening.when.start, zone),
                            localTextForPeople(opening.when.end, zone), (*names)(opening.practitioner),
                            (*names)(opening.room), opening.practitioner.text(), opening.room.text()});
        context.out.table({"FROM", "UNTIL", "PRACTITIONER", "ROOM", "PRACTITIONER ID", "ROOM ID"}, rows,
                          "There is no opening in that time.");
        return ExitCode::Done;
    }

private:
    static CLI::Validator isTimeOfDay()
    {
        return CLI::Validator(
            [](std::string& value) {
                return timeOfDay(value).isValid() ? std::string()
                                                  : "\"" + value + "\" is not a time such as 09:30";
            },
            std::string());
    }
    static QTime timeOfDay(const std::string& text)
    {
        return QTime::fromString(QString::fromStdString(text), QStringLiteral("HH:mm"));
    }

    ClinicReader::OpeningsRequest request(const Clinic& clinic) const
    {
        ClinicReader::OpeningsRequest request;
        request.duration = std::chrono::minutes(m_minutes);
        if (!m_practitioner.empty())
            request.practitioner = idOf<PractitionerId>(m_practitioner);
        request.service = idOf<HealthcareServiceId>(m_service);
        request.needsRoom = !m_noRoom;
        request.earliest =
            m_from.empty() ? clinic.clock().now() : GivenTime::parse(m_from)->in(clinic.zone());
        request.days = m_days;
        request.limit = m_limit;
        if (!m_after.empty() || !m_before.empty()) // until 00:00 is the day's end
            request.timeOfDay = LocalRange{m_after.empty() ? QTime(0, 0) : timeOfDay(m_after),
                                           m_before.empty() ? QTime(0, 0) : timeOfDay(m_before)};
        return request;
    }

    int m_minutes = 0;
    std::string m_practitioner;
    std::string m_service;
    std::string m_from;
    int m_days = 14;
    std::string m_after;
    std::string m_before;
    int m_limit = 20;
    bool m_noRoom = false;
};

} // namespace

void addAppointmentCommands(CLI::App& app, Commands& commands)
{
    CLI::App& group = addGroup(app, "appointments", "See, find, book, move and cancel appointments");
    commands.push_back(std::make_unique<ListAppointments>(group));
    commands.push_back(std::make_unique<FindOpenings>(group));
    addAppointmentBookCommand(group, commands);
    addAppointmentChangeCommands(group, commands);
}

} // namespace yarrow::ctl
