// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/series_texts.h"

#include "models/items/clinic_session.h"
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
    Q_DECLARE_TR_FUNCTIONS(SeriesTexts)
};

QString weekdayName(int weekday)
{
    return QLocale().dayName(weekday, QLocale::LongFormat);
}

QString weekdayNames(const RecurrenceRule& rule, QDate first)
{
    std::vector<int> weekdays;
    for (const RuleDay& day : rule.days)
        weekdays.push_back(day.weekday);
    if (weekdays.empty())
        weekdays.push_back(first.dayOfWeek());
    const int start = static_cast<int>(QLocale().firstDayOfWeek());
    std::sort(weekdays.begin(), weekdays.end(),
              [start](int a, int b) { return (a - start + 7) % 7 < (b - start + 7) % 7; });
    QStringList names;
    for (const int weekday : weekdays)
        names << weekdayName(weekday);
    return QLocale().createSeparatedList(names);
}

QString onMonthDay(int day, int interval)
{
    if (day == -1)
        return interval == 1 ? Texts::tr("On the last day of every month.")
                             : Texts::tr("On the last day of every %n months.", nullptr, interval);
    return interval == 1 ? Texts::tr("On day %1 of every month.").arg(day)
                         : Texts::tr("On day %1 of every %n months.", nullptr, interval).arg(day);
}

QString onNthWeekday(const RuleDay& day, int interval)
{
    const QString name = weekdayName(day.weekday);
    const bool each = interval == 1;
    switch (day.nth) {
    case 1:
        return (each ? Texts::tr("On the first %1 of every month.")
                     : Texts::tr("On the first %1 of every %n months.", nullptr, interval))
            .arg(name);
    case 2:
        return (each ? Texts::tr("On the second %1 of every month.")
                     : Texts::tr("On the second %1 of every %n months.", nullptr, interval))
            .arg(name);
    case 3:
        return (each ? Texts::tr("On the third %1 of every month.")
                     : Texts::tr("On the third %1 of every %n months.", nullptr, interval))
            .arg(name);
    case 4:
        return (each ? Texts::tr("On the fourth %1 of every month.")
                     : Texts::tr("On the fourth %1 of every %n months.", nullptr, interval))
            .arg(name);
    case -1:
        return (each ? Texts::tr("On the last %1 of every month.")
                     : Texts::tr("On the last %1 of every %n months.", nullptr, interval))
            .arg(name);
    default:
        return {};
    }
}

QString dailySentence(int interval)
{
    return interval == 1 ? Texts::tr("Every day.") : Texts::tr("Every %n days.", nullptr, interval);
}

QString weeklySentence(const RecurrenceRule& rule, QDate first)
{
    const QString names = weekdayNames(rule, first);
    return rule.interval == 1 ? Texts::tr("Every week on %1.").arg(names)
                              : Texts::tr("Every %n weeks on %1.", nullptr, rule.interval).arg(names);
}

/// Empty when it is more than a date or a weekday of a month.
QString monthlySentence(const RecurrenceRule& rule, QDate first)
{
    if (rule.days.empty() && rule.monthDays.size() <= 1)
        return onMonthDay(rule.monthDays.empty() ? first.day() : rule.monthDays.front(), rule.interval);
    if (rule.days.size() == 1 && rule.monthDays.empty())
        return onNthWeekday(rule.days.front(), rule.interval);
    return {};
}

QString takenSentence(const VisitObstacle& obstacle, const QString& names, const SeriesPlan& plan,
                      const QTimeZone& zone)
{
    if (obstacle.other.isEmpty())
        return Texts::tr("Another visit of this series needs %1 then.").arg(names);
    const auto other = plan.inTheWay.find(obstacle.other);
    if (other == plan.inTheWay.end())
        return Texts::tr("Already taken: %1.").arg(names);
    const Appointment& taken = other->second.appointment;
    return Texts::tr("Taken %1–%2 for %3 (%4).", "from–until, patient, practitioner or room")
        .arg(timeText(localTime(taken.start, zone).time()), timeText(localTime(taken.end, zone).time()),
             whoText(other->second), names);
}

QString closedSentence(const VisitObstacle& obstacle, const QString& name)
{
    switch (obstacle.kind) {
    case ObstacleKind::Holiday:
        return obstacle.reason.isEmpty() ? Texts::tr("The clinic is closed.")
                                         : Texts::tr("The clinic is closed: %1.").arg(obstacle.reason);
    case ObstacleKind::Closed:
        return Texts::tr("Outside the clinic’s opening hours.");
    case ObstacleKind::Blocked:
        return obstacle.reason.isEmpty() ? Texts::tr("%1 is not available.").arg(name)
                                         : Texts::tr("%1 is not available: %2.").arg(name, obstacle.reason);
    case ObstacleKind::OutsideHours:
        return Texts::tr("Outside the working hours of %1.").arg(name);
    case ObstacleKind::Buffer:
        return Texts::tr("Too close to another visit of %1.", "practitioner, room or device").arg(name);
    case ObstacleKind::Past:
        return Texts::tr("This time is over.");
    case ObstacleKind::Taken:
        break;
    }
    return {};
}

} // namespace

QString ruleSentence(const RecurrenceRule& rule, QDate first)
{
    QString sentence;
    if (rule.positions.empty() && rule.months.empty()) {
        if (rule.frequency == Frequency::Daily && rule.days.empty() && rule.monthDays.empty())
            sentence = dailySentence(rule.interval);
        else if (rule.frequency == Frequency::Weekly)
            sentence = weeklySentence(rule, first);
        else if (rule.frequency == Frequency::Monthly)
            sentence = monthlySentence(rule, first);
    }
    // Rules that came from elsewhere may say more than this form can.
    return sentence.isEmpty() ? Texts::tr("It repeats by a rule of its own.") : sentence;
}

QString extentSentence(const std::vector<QDate>& days)
{
    if (days.empty())
        return {};
    if (days.size() == 1)
        return Texts::tr("One visit only, on %1.").arg(dateText(days.front()));
    return Texts::tr("%n visits, from %1 to %2.", nullptr, static_cast<int>(days.size()))
        .arg(dateText(days.front()), dateText(days.back()));
}

QString monthlyChoice(const RuleDay& day)
{
    const QString name = weekdayName(day.weekday);
    switch (day.nth) {
    case 1:
        return Texts::tr("Monthly, on the first %1").arg(name);
    case 2:
        return Texts::tr("Monthly, on the second %1").arg(name);
    case 3:
        return Texts::tr("Monthly, on the third %1").arg(name);
    case 4:
        return Texts::tr("Monthly, on the fourth %1").arg(name);
    default:
        return Texts::tr("Monthly, on the last %1").arg(name);
    }
}

QString ruleProblem(const Error& error)
{
    if (error.context == "rrule: too many")
        return Texts::tr("A series has at most %1 visits. Let it end earlier.").arg(kMostOccurrences);
    if (error.context == "rrule: no day")
        return Texts::tr("There is no such day before the series ends. Let it end later.");
    return Texts::tr("Visits cannot repeat like this.");
}

QString resourceName(const std::string& reference, const ClinicSession& session)
{
    const std::string id = reference.substr(reference.find('/') + 1);
    const auto in = [&](const auto& all) {
        for (const auto& each : all)
            if (each.id.text() == id)
                return each.name;
        return QString();
    };
    if (reference.rfind("Practitioner/", 0) == 0)
        return in(session.practitioners());
    return reference.rfind("Location/", 0) == 0 ? in(session.rooms()) : in(session.devices());
}

QStringList obstacleSentences(const std::vector<VisitObstacle>& obstacles, const SeriesPlan& plan,
                              const NameOf& nameOf, const QTimeZone& zone)
{
    QStringList sentences;
    std::vector<AppointmentId> told;
    for (const VisitObstacle& obstacle : obstacles) {
        if (obstacle.kind != ObstacleKind::Taken ||
            std::find(told.begin(), told.end(), obstacle.other) != told.end())
            continue;
        // Whoever and whatever the other visit takes is said once.
        told.push_back(obstacle.other);
        QStringList names;
        for (const VisitObstacle& each : obstacles)
            if (each.kind == ObstacleKind::Taken && each.other == obstacle.other)
                names << nameOf(each.actor);
        sentences << takenSentence(obstacle, QLocale().createSeparatedList(names), plan, zone);
    }
    for (const VisitObstacle& obstacle : obstacles)
        if (obstacle.kind != ObstacleKind::Taken)
            sentences << closedSentence(obstacle,
                                        obstacle.actor.empty() ? QString() : nameOf(obstacle.actor));
    return sentences;
}

QString shortMoment(Instant instant, const QTimeZone& zone)
{
    const QDateTime local = localTime(instant, zone);
    return Texts::tr("%1, %2, %3", "weekday, date, time")
        .arg(QLocale().dayName(local.date().dayOfWeek(), QLocale::ShortFormat), dateText(local.date()),
             timeText(local.time()));
}

} // namespace yarrow
