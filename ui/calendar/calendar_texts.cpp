// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/calendar_texts.h"

#include "ui/widgets/texts.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace yarrow {
namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(CalendarTexts)
};

} // namespace

QString timeText(const DayAxis& axis, Instant instant)
{
    const QString time = timeText(axis.localTime(instant));
    if (!axis.isAmbiguous(instant))
        return time;
    const auto moment = QDateTime::fromMSecsSinceEpoch(instant.time_since_epoch().count(), Qt::UTC);
    return Texts::tr("%1 %2", "time and time zone, in the hour that comes twice")
        .arg(time, axis.zone().abbreviation(moment));
}

QString timesText(const DayAxis& axis, const Appointment& appointment)
{
    return Texts::tr("%1–%2", "from–until")
        .arg(timeText(axis, appointment.start), timeText(axis, appointment.end));
}

QString durationText(std::chrono::minutes duration)
{
    const int all = static_cast<int>(duration.count());
    if (all < 60)
        return Texts::tr("%1 min").arg(all);
    if (all % 60 == 0)
        return Texts::tr("%1 h").arg(all / 60);
    return Texts::tr("%1 h %2 min").arg(all / 60).arg(all % 60);
}

QString dayText(QDate day)
{
    return QLocale().toString(day, QLocale::LongFormat);
}

QString dateFieldFormat()
{
    QString format = QLocale().dateFormat(QLocale::ShortFormat);
    if (!format.contains(QStringLiteral("yyyy")))
        format.replace(QStringLiteral("yy"), QStringLiteral("yyyy"));
    return format;
}

QString columnText(const DayScheduleModel& model, const ScheduleColumn& column)
{
    if (model.isWeek())
        return QLocale().toString(column.key.day, Texts::tr("dddd d", "weekday and day of the month"));
    if (!column.key.isNobody())
        return column.name;
    return model.arrangement() == Arrangement::Rooms ? Texts::tr("No room") : Texts::tr("No practitioner");
}

QString whoText(const AppointmentRow& row)
{
    if (!row.patientName.isEmpty())
        return row.patientName;
    if (!row.appointment.description.isEmpty())
        return row.appointment.description;
    return Texts::tr("Held for nobody yet");
}

QString spokenText(const DayAxis& axis, const AppointmentRow& row)
{
    QStringList parts{
        Texts::tr("%1 %2", "times and patient").arg(timesText(axis, row.appointment), whoText(row))};
    if (!row.serviceName.isEmpty())
        parts << row.serviceName;
    parts << QLocale().toLower(statusText(row.appointment.status));
    if (!row.roomName.isEmpty())
        parts << row.roomName;
    if (row.provisional)
        parts << Texts::tr("not yet confirmed by the server");
    if (row.conflicted)
        parts << Texts::tr("a conflict about it is to be decided");
    if (!row.appointment.overbookReason.empty())
        parts << Texts::tr("overbooked");
    if (row.appointment.series)
        parts << Texts::tr("part of a series");
    return parts.join(Texts::tr(", ", "between the parts of an appointment that is read aloud"));
}

QString toolTipText(const DayAxis& axis, const AppointmentRow& row)
{
    const Appointment& appointment = row.appointment;
    const auto length = std::chrono::duration_cast<std::chrono::minutes>(appointment.end - appointment.start);
    QStringList lines{
        whoText(row),
        Texts::tr("%1 (%2)", "times (duration)").arg(timesText(axis, appointment), durationText(length))};
    if (!row.serviceName.isEmpty())
        lines << row.serviceName;
    if (!row.roomName.isEmpty())
        lines << row.roomName;
    lines << statusText(appointment.status);
    if (appointment.series)
        lines << Texts::tr("Part of a series");
    if (appointment.status == AppointmentStatus::Cancelled && !appointment.cancelReason.empty())
        lines << Texts::tr("Reason: %1").arg(cancelReasonText(appointment.cancelReason));
    if (!row.patientName.isEmpty() && !appointment.description.isEmpty())
        lines << appointment.description;
    if (!appointment.comment.isEmpty())
        lines << appointment.comment;
    if (!appointment.overbookReason.empty())
        lines << Texts::tr("Overbooked: %1").arg(QString::fromStdString(appointment.overbookReason));
    if (row.provisional)
        lines << Texts::tr("Not yet confirmed by the server");
    if (row.conflicted)
        lines << Texts::tr("A conflict about it is to be decided: see the inbox");
    return lines.join(u'\n');
}

const std::vector<std::string>& offeredCancelReasons()
{
    static const std::vector<std::string> codes{"pat",       "pat-fb",  "prov", "prov-pers",
                                                "oth-weath", "oth-err", "other"};
    return codes;
}

QString cancelReasonText(const std::string& code)
{
    if (code == "pat")
        return Texts::tr("The patient cancelled");
    if (code == "pat-fb")
        return Texts::tr("The patient feels better");
    if (code == "prov")
        return Texts::tr("The practice cancelled");
    if (code == "prov-pers")
        return Texts::tr("The practitioner is not available");
    if (code == "oth-weath")
        return Texts::tr("Weather or traffic");
    if (code == "oth-err")
        return Texts::tr("Booked by mistake");
    if (code == "other")
        return Texts::tr("Another reason");
    return QString::fromStdString(code);
}

namespace {

/// `ofOne`: all of them are of one patient.
QString togetherText(const QString& who, ScheduleChange kind, int visits, bool ofOne)
{
    switch (kind) {
    case ScheduleChange::Book:
        if (!ofOne)
            return Texts::tr("Booked %n visits one after the other, the first for %1.", nullptr, visits)
                .arg(who);
        return Texts::tr("Booked %n visits of %1.", nullptr, visits).arg(who);
    case ScheduleChange::Cancel:
        return Texts::tr("Cancelled %n visits of %1. Ctrl+Z brings them back.", nullptr, visits).arg(who);
    default:
        return Texts::tr("Changed %n visits of %1.", nullptr, visits).arg(who);
    }
}

/// Nobody else is to think that the whole series has gone along.
QString aloneText(const DayAxis& axis, const AppointmentRow& row, ScheduleChange kind)
{
    const QString who = whoText(row);
    if (kind == ScheduleChange::Move)
        return Texts::tr("Moved %1 to %2. The other visits of the series stay where they are.")
            .arg(who, timeText(axis, row.appointment.start));
    return Texts::tr("%1 now lasts until %2. The other visits of the series stay as they are.")
        .arg(who, timeText(axis, row.appointment.end));
}

} // namespace

QString madeText(const DayAxis& axis, const AppointmentRow& row, ScheduleChange kind, int visits)
{
    const QString who = whoText(row);
    if (visits > 1)
        return togetherText(who, kind, visits, row.appointment.series.has_value());
    if (row.appointment.series && (kind == ScheduleChange::Move || kind == ScheduleChange::Resize))
        return aloneText(axis, row, kind);
    if (row.appointment.status == AppointmentStatus::Waitlist)
        return kind == ScheduleChange::Book ? Texts::tr("%1 is on the waiting list now.").arg(who)
                                            : Texts::tr("Saved %1.").arg(who);
    switch (kind) {
    case ScheduleChange::Book:
    case ScheduleChange::Offer:
        return Texts::tr("Booked %1 at %2.").arg(who, timeText(axis, row.appointment.start));
    case ScheduleChange::Move:
        return Texts::tr("Moved %1 to %2.").arg(who, timeText(axis, row.appointment.start));
    case ScheduleChange::Resize:
        return Texts::tr("%1 now lasts until %2.").arg(who, timeText(axis, row.appointment.end));
    case ScheduleChange::Status:
        return Texts::tr("%1: %2.", "patient: status").arg(who, statusText(row.appointment.status));
    case ScheduleChange::Cancel:
        return Texts::tr("Cancelled %1. Ctrl+Z brings it back.").arg(who);
    case ScheduleChange::Edit:
        return Texts::tr("Saved %1.").arg(who);
    }
    return {};
}

QString undoneText(ScheduleChange kind, int visits)
{
    if (visits > 1)
        return kind == ScheduleChange::Book
                   ? Texts::tr("The booking of %n visits was taken back.", nullptr, visits)
                   : Texts::tr("The %n visits are as they were.", nullptr, visits);
    switch (kind) {
    case ScheduleChange::Book:
        return Texts::tr("The booking was taken back.");
    case ScheduleChange::Offer:
        return Texts::tr("The booking was taken back, and the patient is on the waiting list again.");
    case ScheduleChange::Move:
        return Texts::tr("The appointment is back where it was.");
    case ScheduleChange::Resize:
        return Texts::tr("The appointment is as long as it was.");
    case ScheduleChange::Status:
        return Texts::tr("The status is what it was.");
    case ScheduleChange::Cancel:
        return Texts::tr("The appointment is no longer cancelled.");
    case ScheduleChange::Edit:
        return Texts::tr("The appointment is as it was.");
    }
    return {};
}

QString redoneText(ScheduleChange kind, int visits)
{
    if (visits > 1)
        return kind == ScheduleChange::Book ? Texts::tr("Booked %n visits again.", nullptr, visits)
                                            : Texts::tr("Changed %n visits again.", nullptr, visits);
    switch (kind) {
    case ScheduleChange::Book:
    case ScheduleChange::Offer:
        return Texts::tr("Booked again.");
    case ScheduleChange::Cancel:
        return Texts::tr("Cancelled again.");
    case ScheduleChange::Move:
    case ScheduleChange::Resize:
    case ScheduleChange::Status:
    case ScheduleChange::Edit:
        return Texts::tr("Changed again.");
    }
    return {};
}

QString refusalText(const ScheduleRefusal& refusal)
{
    if (refusal.error.code == ErrorCode::Stale) {
        return refusal.redoing
                   ? Texts::tr(
                         "This can no longer be redone: somebody else has changed the appointment since.")
               : refusal.undoing
                   ? Texts::tr(
                         "This can no longer be undone: somebody else has changed the appointment since.")
                   : Texts::tr(
                         "Somebody else has just changed this appointment. It is shown as it is now; please "
                         "look at it and try again.");
    }
    if (refusal.redoing)
        return Texts::tr("This could not be redone, and nothing was changed.");
    if (refusal.undoing)
        return Texts::tr("This could not be undone, and nothing was changed.");
    if (refusal.error.code == ErrorCode::InvalidArgument)
        return Texts::tr("The appointment cannot be changed like this. Nothing was changed.");
    return sentence(refusal.error);
}

QString changedElsewhereText(const AppointmentRow& before, const AppointmentRow& now,
                             const ClinicSession& session)
{
    const Appointment& was = before.appointment;
    const Appointment& is = now.appointment;
    QStringList changes;
    const auto tell = [&](bool isChanged, const QString& what, const QString& value) {
        if (isChanged)
            changes << (value.isEmpty() ? Texts::tr("%1: nothing any more").arg(what)
                                        : Texts::tr("%1: %2", "field, its new value").arg(what, value));
    };
    const auto nameOf = [](const auto& list, const auto& id) {
        const auto found =
            std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.id == id; });
        return found == list.end() ? QString() : found->name;
    };
    const auto time = [&](Instant instant) { return localTime(instant, session.zone()); };
    tell(was.patient != is.patient, Texts::tr("Patient"), now.patientName);
    tell(was.status != is.status, Texts::tr("Status"), statusText(is.status));
    tell(was.start != is.start || was.end != is.end, Texts::tr("Time"),
         Texts::tr("%1–%2", "from–until").arg(whenText(time(is.start)), timeText(time(is.end).time())));
    tell(was.practitioner != is.practitioner, Texts::tr("Practitioner"),
         nameOf(session.practitioners(), is.practitioner));
    tell(was.room != is.room, Texts::tr("Room"), nameOf(session.rooms(), is.room));
    tell(was.device != is.device, Texts::tr("Device"), nameOf(session.devices(), is.device));
    tell(was.service != is.service, Texts::tr("Visit type"), nameOf(session.services(), is.service));
    tell(was.description != is.description, Texts::tr("About"), is.description);
    tell(was.comment != is.comment, Texts::tr("Note for the desk"), is.comment.simplified());
    tell(was.overbookReason != is.overbookReason, Texts::tr("Reason for overbooking"),
         QString::fromStdString(is.overbookReason));
    return changes.isEmpty() ? QString()
                             : Texts::tr("Somebody else has changed, meanwhile: %1. What you typed is still "
                                         "here.")
                                   .arg(changes.join(Texts::tr("; ", "between changes")));
}

QString illegalMoveText(AppointmentStatus from, AppointmentStatus to)
{
    if (to == AppointmentStatus::CheckedIn && from == AppointmentStatus::Booked)
        return Texts::tr("Mark the patient as arrived (A) first, then in room.");
    if (to == AppointmentStatus::Fulfilled && isLegalMove(AppointmentStatus::Booked, from))
        return Texts::tr("The visit can be done once the patient is in the room (R).");
    return Texts::tr("An appointment that is “%1” cannot become “%2”.").arg(statusText(from), statusText(to));
}

} // namespace yarrow
