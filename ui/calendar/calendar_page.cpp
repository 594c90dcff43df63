// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/calendar_page.h"

#include <QVBoxLayout>

namespace yarrow {

CalendarPage::CalendarPage(ClinicSession& session, ScheduleEditor& editor, QWidget* parent)
    : Page(parent)
    , m_editor(editor)
    , m_desk(new DayDesk(session, editor, QStringLiteral("calendar")))
{
    setObjectName(QStringLiteral("calendarPage"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_desk);
    addActions(m_desk->actions());
    connect(m_desk, &DayDesk::patientRequested, this, &Page::patientRequested);
    connect(m_desk, &DayDesk::notice, this, &Page::notice);
}

QString CalendarPage::title() const
{
    return tr("Calendar");
}

QStringList CalendarPage::tourStops() const
{
    return {QStringLiteral("calendar-day"),     QStringLiteral("calendar-appointment"),
            QStringLiteral("calendar-booking"), QStringLiteral("calendar-repeat"),
            QStringLiteral("calendar-series"),  QStringLiteral("calendar-openings"),
            QStringLiteral("calendar-week"),    QStringLiteral("calendar-rooms"),
            QStringLiteral("calendar-waiting"), QStringLiteral("calendar-family")};
}

void CalendarPage::showTourStop(const QString& stop)
{
    m_desk->closeSide();
    const bool isWeek = stop == QLatin1String("calendar-week");
    m_desk->model().setArrangement(isWeek                                    ? Arrangement::Week
                                   : stop == QLatin1String("calendar-rooms") ? Arrangement::Rooms
                                                                             : Arrangement::Practitioners);
    m_desk->stepDay(0);
    m_waitsForPlan = stop == QLatin1String("calendar-repeat");
    if (m_waitsForPlan)
        return m_desk->showRepeating();
    if (stop == QLatin1String("calendar-openings"))
        return m_desk->lookForOpening();
    if (stop == QLatin1String("calendar-booking"))
        return m_desk->bookSelected(QStringLiteral("a"));
    if (stop == QLatin1String("calendar-series"))
        return m_desk->showSeries();
    if (stop == QLatin1String("calendar-waiting"))
        return m_desk->showWaiting();
    if (stop == QLatin1String("calendar-family"))
        return m_desk->showFamilyBooking();
    m_desk->showNext(stop == QLatin1String("calendar-appointment"));
}

} // namespace yarrow
