// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/today/month_view.h"

#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QHelpEvent>
#include <QPainter>
#include <QTableView>
#include <QTextCharFormat>
#include <QToolTip>

#include <algorithm>

namespace yarrow {
namespace {

constexpr int kHeight = 196;   ///< at 100 %
constexpr int kPause = 250;    ///< after the clinic changed, ms
constexpr int kShownDays = 42; ///< six weeks, as QCalendarWidget lays a month out
constexpr int kLetters = 150;  ///< per cent of the text size from which a weekday is one letter
constexpr double kFull = 0.95;
constexpr double kNearlyFull = 0.75;

} // namespace

MonthView::MonthView(ClinicSession& session, QWidget* parent)
    : QCalendarWidget(parent)
    , m_session(session)
{
    setObjectName(QStringLiteral("dockMonth"));
    setAccessibleName(tr("Month"));
    setVerticalHeaderFormat(QCalendarWidget::NoVerticalHeader);
    setFirstDayOfWeek(QLocale().firstDayOfWeek());
    setNavigationBarVisible(false); // the dock has a head of its own
    if (auto* days = findChild<QTableView*>(QStringLiteral("qt_calendar_calendarview"))) {
        days->setAccessibleName(tr("Days of the month"));
        // The style's least section is wider than a seventh of the dock: Sunday would be cut off.
        days->horizontalHeader()->setMinimumSectionSize(1);
        days->verticalHeader()->setMinimumSectionSize(1);
    }
    styleHeader();
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPause);
    connect(&m_pause, &QTimer::timeout, this, &MonthView::read);
    connect(this, &QCalendarWidget::currentPageChanged, this, &MonthView::read);
    connect(this, &QCalendarWidget::selectionChanged, this, [this] {
        if (!m_quiet)
            Q_EMIT dayChosen(selectedDate());
    });
    connect(&session, &ClinicSession::appointmentsChanged, this, &MonthView::refresh);
    connect(&session, &ClinicSession::recordsArrived, this, &MonthView::refresh);
    connect(&Theme::current(), &Theme::changed, this, [this] {
        styleHeader();
        updateCells();
    });
}

/// Qt's own is red at the weekend, which here would mean that something is wrong.
void MonthView::styleHeader()
{
    const Theme& theme = Theme::current();
    QTextCharFormat format;
    format.setForeground(theme.color(ColorToken::TextMuted));
    format.setBackground(theme.color(ColorToken::Surface));
    format.setFont(theme.font(TextStyle::Small));
    setHeaderTextFormat(format);
    for (const auto day :
         {Qt::Monday, Qt::Tuesday, Qt::Wednesday, Qt::Thursday, Qt::Friday, Qt::Saturday, Qt::Sunday})
        setWeekdayTextFormat(day, format);
    setHorizontalHeaderFormat(theme.scale() < kLetters ? QCalendarWidget::ShortDayNames
                                                       : QCalendarWidget::SingleLetterDayNames);
    setFixedHeight(theme.px(kHeight));
}

void MonthView::showDay(QDate day)
{
    m_quiet = true;
    setSelectedDate(day);
    m_quiet = false;
}

void MonthView::refresh()
{
    m_pause.start();
}

std::chrono::minutes MonthView::workedOn(QDate day) const
{
    const WeeklyHours clinicHours = m_session.clinicHours();
    std::chrono::milliseconds worked{0};
    for (const CalendarResource& each : m_session.practitioners()) {
        const WeeklyHours& own = each.availability.hours;
        std::vector<TimeRange> blocked;
        for (const Blockout& blockout : each.availability.blockouts)
            blocked.push_back(blockout.when);
        for (const TimeRange& range :
             difference(workingTime(own.hasHours() ? own : clinicHours, day, m_session.zone()),
                        normalized(std::move(blocked))))
            worked += range.end - range.start;
    }
    return std::chrono::duration_cast<std::chrono::minutes>(worked);
}

void MonthView::read()
{
    const QDate first = QDate(yearShown(), monthShown(), 1).addDays(-7);
    auto loads = m_session.frontDesk().loads(first, first.addDays(kShownDays + 7));
    if (!loads)
        return; // the day itself says what is wrong
    m_loads = std::move(*loads);
    m_worked.clear();
    for (const auto& [day, load] : m_loads)
        m_worked[day] = workedOn(day);
    updateCells();
}

std::optional<double> MonthView::share(QDate day) const
{
    const auto worked = m_worked.find(day);
    if (worked == m_worked.end() || worked->second.count() <= 0)
        return std::nullopt;
    const auto booked = static_cast<double>(m_loads.at(day).booked.count());
    return std::min(1.0, booked / static_cast<double>(worked->second.count()));
}

void MonthView::paintCell(QPainter* painter, const QRect& rect, QDate date) const
{
    const Theme& theme = Theme::current();
    const bool isSelected = date == selectedDate();
    const bool isToday = date == toLocalDate(m_session.clock().now(), m_session.zone());
    const bool isOther = date.month() != monthShown();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->fillRect(rect, theme.color(ColorToken::Surface));
    const QRectF box = QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5);
    if (isSelected || isToday) {
        painter->setPen(isToday ? QPen(theme.color(ColorToken::Accent), 1.5) : QPen(Qt::NoPen));
        painter->setBrush(isSelected ? QBrush(theme.color(ColorToken::Selection)) : QBrush(Qt::NoBrush));
        painter->drawRoundedRect(box, theme.px(5), theme.px(5));
    }
    painter->setFont(theme.font(isToday || isSelected ? TextStyle::Strong : TextStyle::Body));
    painter->setPen(theme.color(isOther ? ColorToken::TextMuted : ColorToken::Text));
    const int bar = theme.px(3);
    painter->drawText(rect.adjusted(0, 0, 0, -2 * bar), Qt::AlignCenter, QLocale().toString(date.day()));
    if (const auto load = share(date)) {
        const QRectF track(box.left() + box.width() * 0.2, box.bottom() - 1.5 * bar, box.width() * 0.6, bar);
        QRectF filled = track;
        const double length = std::max(track.width() * *load, static_cast<double>(bar));
        if (layoutDirection() == Qt::RightToLeft)
            filled.setLeft(track.right() - length);
        else
            filled.setWidth(length);
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.color(ColorToken::Line));
        painter->drawRoundedRect(track, bar / 2.0, bar / 2.0);
        const ColorToken ink = *load >= kFull         ? ColorToken::Bad
                               : *load >= kNearlyFull ? ColorToken::Warn
                                                      : ColorToken::Good;
        painter->setBrush(theme.color(ink));
        painter->setOpacity(isOther ? 0.5 : 1);
        painter->drawRoundedRect(filled, bar / 2.0, bar / 2.0);
    }
    painter->restore();
}

bool MonthView::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto load = m_loads.find(selectedDate());
        const auto part = share(selectedDate());
        if (load != m_loads.end() && part) {
            QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(),
                               tr("%n visit(s) on the chosen day", nullptr, load->second.visits) +
                                   QLatin1Char('\n') +
                                   tr("%1 % of the working time is booked")
                                       .arg(QLocale().toString(static_cast<int>(*part * 100))),
                               this);
            return true;
        }
    }
    return QCalendarWidget::event(event);
}

} // namespace yarrow
