// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/today/today_dock.h"

#include "ui/calendar/pinboard.h"
#include "ui/today/month_view.h"
#include "ui/today/openings_list.h"
#include "ui/waiting/waiting_view.h"
#include "ui/widgets/controls.h"

#include <QLocale>
#include <QScrollArea>
#include <QVBoxLayout>

namespace yarrow {

TodayDock::TodayDock(ClinicSession& session, ScheduleEditor& editor, WaitingOffers& offers, QWidget* parent)
    : QFrame(parent)
    , m_column(new QVBoxLayout)
    , m_month(new MonthView(session))
    , m_openings(new OpeningsList(session))
    , m_waiting(new WaitingView(offers, session, QStringLiteral("dockWaiting")))
{
    setObjectName(QStringLiteral("todayDock"));
    setProperty("look", QStringLiteral("side"));
    const Theme& theme = Theme::current();
    auto* content = new QWidget;
    content->setProperty("look", QStringLiteral("plain"));
    content->setLayout(m_column);
    auto* scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("dockScroll"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus); // it follows what is focused within it
    scroll->setWidget(content);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
    m_column->setContentsMargins(theme.space(3), theme.space(3), theme.space(3), theme.space(3));
    m_column->setSpacing(theme.space(1));
    m_column->addLayout(makeMonthHead());
    m_column->addWidget(m_month);
    addSection(tr("Next openings"), m_openings, 2);
    addSection(tr("Waiting list"), m_waiting, 3);
    addSection(tr("Pinboard"), new Pinboard(editor.pinned(), session.zone(), Qt::Vertical), 0);
}

QLayout* TodayDock::makeMonthHead()
{
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    auto* back = makeIconButton(mirrored ? QStringLiteral("chevron-right") : QStringLiteral("chevron-left"),
                                tr("The month before"), QStringLiteral("previousMonth"));
    auto* forward =
        makeIconButton(mirrored ? QStringLiteral("chevron-left") : QStringLiteral("chevron-right"),
                       tr("The next month"), QStringLiteral("nextMonth"));
    auto* name = makeLabel({}, TextStyle::Strong);
    name->setAlignment(Qt::AlignCenter);
    const auto show = [this, name] {
        name->setText(
            QLocale().toString(QDate(m_month->yearShown(), m_month->monthShown(), 1), tr("MMMM yyyy")));
    };
    show();
    connect(m_month, &QCalendarWidget::currentPageChanged, name, show);
    connect(back, &QToolButton::clicked, m_month, &QCalendarWidget::showPreviousMonth);
    connect(forward, &QToolButton::clicked, m_month, &QCalendarWidget::showNextMonth);
    auto* head = new QHBoxLayout;
    head->addWidget(back);
    head->addWidget(name, 1);
    head->addWidget(forward);
    return head;
}

void TodayDock::addSection(const QString& title, QWidget* content, int stretch)
{
    const Theme& theme = Theme::current();
    m_column->addSpacing(theme.space(1));
    m_column->addWidget(makeLine());
    m_column->addWidget(makeLabel(title, TextStyle::Strong));
    m_column->addWidget(content, stretch);
}

void TodayDock::showDay(QDate day)
{
    m_month->showDay(day);
    m_openings->showFrom(day);
}

void TodayDock::activated()
{
    m_month->refresh();
    m_openings->refresh();
}

} // namespace yarrow
