// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/appointment_row.h"
#include "app/ctl/command.h"
#include "app/ctl/given_time.h"

#include <algorithm>

namespace yarrow::ctl {

namespace {

const char* obstacleName(ObstacleKind kind)
{
    switch (kind) {
    case ObstacleKind::Holiday:
        return "holiday";
    case ObstacleKind::Closed:
        return "closed";
    case ObstacleKind::Blocked:
        return "blocked";
    case ObstacleKind::OutsideHours:
        return "outside-hours";
    case ObstacleKind::Taken:
        return "taken";
    case ObstacleKind::Buffer:
        return "buffer";
    case ObstacleKind::Past:
        return "past";
    }
    bug("unknown obstacle", __FILE__, __LINE__);
}

void printPreview(Output& out, const std::vector<VisitPreview>& previews, const QTimeZone& zone)
{
    if (out.isJson()) {
        Json list = Json::array();
        for (const VisitPreview& preview : previews) {
            Json row = Json::object();
            row.set("start", localText(preview.visit.start, zone));
            row.set("end", localText(preview.visit.end, zone));
            Json obstacles = Json::array();
            for (const VisitObstacle& obstacle : preview.obstacles) {
                Json each = Json::object();
                each.set("kind", obstacleName(obstacle.kind));
                each.set("actor", obstacle.actor);
                each.set("reason", obstacle.reason.toStdString());
                each.set("appointment", obstacle.other.text());
                obstacles.append(std::move(each));
            }
            row.set("obstacles", std::move(obstacles));
            row.set("nextFree", preview.nextFree ? localText(preview.nextFree->start, zone) : std::string());
            list.append(std::move(row));
        }
        out.json(list);
        return;
    }
    std::vector<std::vector<std::string>> rows;
    for (const VisitPreview& preview : previews) {
        std::string obstacles;
        for (const VisitObstacle& obstacle : preview.obstacles) {
            obstacles += (obstacles.empty() ? "" : ", ") + std::string(obstacleName(obstacle.kind));
            for (const std::string& part :
                 {obstacle.actor, obstacle.reason.toStdString(), obstacle.other.text()})
                obstacles += part.empty() ? "" : " " + part;
        }
        rows.push_back(
            {localTextForPeople(preview.visit.start, zone), localTextForPeople(preview.visit.end, zone),
             obstacles.empty() ? std::string("free") : obstacles,
             preview.nextFree ? localTextForPeople(preview.nextFree->start, zone) : std::string()});
    }
    out.table({"FROM", "UNTIL", "IN THE WAY", "NEXT FREE"}, rows, "There is no date.");
}

class BookAppointment final : public Command
{
public:
    explicit BookAppointment(CLI::App& group)
        : Command(group, "book", "Book an appointment, or a series of them")
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
        auto* rule = app().add_option(
            "--rrule", m_rule,
            "Repeat it by this rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10. All are booked or "
            "none");
        app()
            .add_option("--exdate", m_excluded, "A day to leave out; may be given again")
            ->check(isDay())
            ->needs(rule);
        app()
            .add_option("--rdate", m_added, "A day besides the rule; may be given again")
            ->check(isDay())
            ->needs(rule);
        app()
            .add_flag("--skip-taken", m_skipTaken, "Leave out the dates that are booked already")
            ->needs(rule);
        app().add_flag("--preview", m_previewOnly,
                       "Show the dates, what stands in their way and the next free time; book nothing");
        app().add_option("--note", m_note, "Why, for the audit trail");
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto opened = context.openClinic();
        if (!opened)
            return fail(opened.error());
        Clinic& clinic = **opened;
        auto changes = wanted(clinic);
        if (!changes)
            return fail(changes.error());
        if (m_previewOnly || m_skipTaken) {
            const auto previews = clinic.series().preview(*changes);
            if (!previews)
                return fail(previews.error());
            if (m_previewOnly) {
                printPreview(context.out, *previews, clinic.zone());
                return ExitCode::Done;
            }
            leaveOutTaken(*changes, *previews);
        }
        const auto saved = clinic.appointments().saveAll(std::move(*changes), m_note);
        if (!saved)
            return fail(saved.error());
        if (m_rule.empty())
            printSaved(context.out, "Booked for", saved->front().now, clinic.zone());
        else
            printSeries(context.out, "Booked for", *saved, clinic.zone());
        return ExitCode::Done;
    }

private:
    [[nodiscard]] Appointment visit(const Clinic& clinic) const
    {
        Appointment visit;
        visit.patient = idOf<PatientId>(m_patient);
        visit.practitioner = idOf<PractitionerId>(m_practitioner);
        visit.room = idOf<LocationId>(m_room);
        visit.device = idOf<DeviceId>(m_device);
        visit.service = idOf<HealthcareServiceId>(m_service);
        visit.start = GivenTime::parse(m_at)->in(clinic.zone());
        visit.end = visit.start + std::chrono::minutes(m_minutes);
        visit.description = QString::fromStdString(m_description);
        visit.comment = QString::fromStdString(m_comment);
        visit.overbookReason = m_overbook;
        return visit;
    }

    Result<std::vector<SeriesCommands::Change>> wanted(Clinic& clinic) const
    {
        if (m_rule.empty())
            return std::vector<SeriesCommands::Change>{{visit(clinic), 0}};
        auto recurrence = parseRecurrence(m_rule, clinic.zone());
        if (!recurrence)
            return fail(recurrence.error());
        const QDate today = toLocalDate(clinic.clock().now(), clinic.zone());
        for (const std::string& day : m_excluded)
            recurrence->excluded.push_back(*parseDay(day, today));
        for (const std::string& day : m_added)
            recurrence->added.push_back(*parseDay(day, today));
        return clinic.series().plan(visit(clinic), *recurrence);
    }

    static void leaveOutTaken(std::vector<SeriesCommands::Change>& changes,
                              const std::vector<VisitPreview>& previews)
    {
        std::vector<SeriesCommands::Change> kept;
        for (std::size_t i = 0; i < changes.size(); ++i) {
            if (!isRefused(previews[i]))
                kept.push_back(std::move(changes[i]));
        }
        changes = std::move(kept);
    }

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
    std::string m_rule;
    std::vector<std::string> m_excluded;
    std::vector<std::string> m_added;
    bool m_skipTaken = false;
    bool m_previewOnly = false;
    std::string m_note;
};

} // namespace

void addAppointmentBookCommand(CLI::App& group, Commands& commands)
{
    commands.push_back(std::make_unique<BookAppointment>(group));
}

} // namespace yarrow::ctl
