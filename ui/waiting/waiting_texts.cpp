// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/waiting/waiting_texts.h"

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
    Q_DECLARE_TR_FUNCTIONS(WaitingTexts)
};

QString nameOf(const PractitionerId& id, const ClinicSession& session)
{
    for (const CalendarResource& each : session.practitioners())
        if (each.id == id)
            return each.name;
    return Texts::tr("a practitioner who has left");
}

} // namespace

QString partOfDayText(const std::optional<LocalRange>& times)
{
    if (!times)
        return Texts::tr("Any time");
    const QTime noon(12, 0);
    if (times->from == QTime(0, 0) && times->until == noon)
        return Texts::tr("Mornings");
    if (times->from == noon && times->until == QTime(0, 0))
        return Texts::tr("Afternoons");
    return Texts::tr("%1–%2", "from–until").arg(timeText(times->from), timeText(times->until));
}

QString noticeText(std::chrono::minutes notice)
{
    const int days = static_cast<int>(notice.count() / (24 * 60));
    if (notice.count() == 0)
        return Texts::tr("No notice needed");
    if (days > 0 && notice.count() % (24 * 60) == 0)
        return Texts::tr("%n day(s) of notice", nullptr, days);
    return Texts::tr("%1 of notice", "how long").arg(durationText(notice));
}

QString priorityText(int priority)
{
    if (priority <= 0)
        return Texts::tr("Usual");
    if (priority <= 3)
        return Texts::tr("Urgent");
    return Texts::tr("Soon");
}

QString wishText(const WaitingWish& wish, const ClinicSession& session)
{
    QStringList facts;
    if (wish.priority > 0)
        facts << priorityText(wish.priority);
    QStringList who;
    for (const PractitionerId& id : wish.practitioners)
        who << nameOf(id, session);
    facts << QLocale().createSeparatedList(who);
    QStringList days;
    for (int day = 0; day < 7; ++day)
        if (wish.weekdays[static_cast<std::size_t>(day)])
            days << QLocale().standaloneDayName(day + 1, QLocale::ShortFormat);
    facts << days.join(Texts::tr(", ", "between weekdays"));
    if (wish.times)
        facts << partOfDayText(wish.times);
    if (wish.notice.count() > 0)
        facts << noticeText(wish.notice);
    const QString all = joinFacts(facts);
    return all.isEmpty() ? Texts::tr("Any time, with anybody") : all;
}

QString waitText(const WaitingWish& wish, const ClinicSession& session)
{
    if (!wish.since)
        return {};
    const qint64 days =
        toLocalDate(*wish.since, session.zone()).daysTo(toLocalDate(session.clock().now(), session.zone()));
    return days <= 0 ? Texts::tr("since today")
                     : Texts::tr("waiting for %n day(s)", nullptr, static_cast<int>(days));
}

QString reasonsText(const WaitingCandidate& candidate, const ClinicSession& session)
{
    const WaitingWish& wish = candidate.entry.row.appointment.wish;
    QStringList facts;
    if (candidate.fit)
        for (const FitReason reason : candidate.fit->reasons)
            switch (reason) {
            case FitReason::Priority:
                facts << priorityText(wish.priority);
                break;
            case FitReason::WantsThem:
                facts << Texts::tr("wants this practitioner");
                break;
            case FitReason::WantsThisTime:
                facts << Texts::tr("wants this time");
                break;
            case FitReason::FillsTheSlot:
                facts << Texts::tr("fills the time");
                break;
            case FitReason::WaitedLongest:
                facts << Texts::tr("has waited longest");
                break;
            case FitReason::TakesAnybody:
                facts << Texts::tr("takes anybody");
                break;
            case FitReason::TakesShortNotice:
                facts << Texts::tr("takes short notice");
                break;
            }
    facts << waitText(wish, session);
    return joinFacts(facts);
}

QString phoneText(const WaitlistRow& entry)
{
    return entry.phone.isEmpty() ? Texts::tr("no phone number") : entry.phone;
}

QString slotText(const FreeSlot& slot, const ClinicSession& session)
{
    const QDateTime start = localTime(slot.when.start, session.zone());
    const QDateTime end = localTime(slot.when.end, session.zone());
    return Texts::tr("%1, %2–%3 with %4", "day, from–until, practitioner")
        .arg(QLocale().toString(start.date(), Texts::tr("dddd, d MMMM", "a date without its year")),
             timeText(start.time()), timeText(end.time()), nameOf(slot.practitioner, session));
}

} // namespace yarrow
