// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/today/today_page.h"

#include "ui/frame/desktop_settings.h"
#include "ui/today/board_view.h"
#include "ui/today/month_view.h"
#include "ui/today/openings_list.h"
#include "ui/today/today_dock.h"
#include "ui/today/visit_list.h"
#include "ui/widgets/controls.h"

#include <QAction>
#include <QSplitter>
#include <QVBoxLayout>

namespace yarrow {
namespace {

constexpr int kDockWidth = 292; ///< at 100 %
constexpr int kBoardHeight = 232;

} // namespace

TodayPage::TodayPage(ClinicSession& session, ScheduleEditor& editor, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_board(session, editor.wishes())
    , m_desk(new DayDesk(session, editor, QStringLiteral("today")))
    , m_boardView(new BoardView(m_board, session))
    , m_dock(new TodayDock(session, editor, m_desk->offers()))
{
    setObjectName(QStringLiteral("todayPage"));
    m_desk->hidePinboard();
    layOut();
    addActions(m_desk->actions());
    auto* toBoard = new QAction(tr("Go to the visits of today"), this);
    toBoard->setObjectName(QStringLiteral("actionBoard"));
    toBoard->setShortcut(QKeySequence(Qt::Key_F6));
    toBoard->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(toBoard, &QAction::triggered, this, &TodayPage::focusBoard);
    addAction(toBoard);
    connect(m_desk, &DayDesk::patientRequested, this, &Page::patientRequested);
    connect(m_desk, &DayDesk::notice, this, &Page::notice);
    connect(m_desk, &DayDesk::dayShown, m_dock, &TodayDock::showDay);
    connect(m_desk, &DayDesk::ticked, &m_board, &VisitBoard::refreshNow);
    // The form takes the dock's place: two columns beside the day would leave it none.
    connect(m_desk, &DayDesk::sideShown, m_dock, [this](bool shown) { m_dock->setVisible(!shown); });
    connect(&m_desk->model(), &DayScheduleModel::reset, this,
            [this] { m_board.setShownPractitioners(m_desk->model().shownPractitioners()); });
    connect(&m_dock->month(), &MonthView::dayChosen, m_desk, &DayDesk::showDay);
    connect(&m_dock->openings(), &OpeningsList::chosen, m_desk, &DayDesk::bookOpening);
    m_desk->showWaitingIn(m_dock->waiting());
    connectBoard();
}

void TodayPage::layOut()
{
    auto* halves = new QSplitter(Qt::Vertical);
    halves->setObjectName(QStringLiteral("todayHalves"));
    halves->setChildrenCollapsible(false);
    halves->setHandleWidth(1);
    halves->addWidget(m_desk);
    halves->addWidget(m_boardView);
    halves->setStretchFactor(0, 1);
    halves->setStretchFactor(1, 0);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(halves, 1);
    row->addWidget(makeUpright());
    row->addWidget(m_dock);
    const auto size = [this, halves] {
        const Theme& theme = Theme::current();
        m_dock->setFixedWidth(theme.px(kDockWidth));
        m_boardView->setMinimumHeight(theme.px(kBoardHeight) / 2);
        halves->setSizes({theme.px(kBoardHeight) * 3, theme.px(kBoardHeight)});
    };
    size();
    connect(&Theme::current(), &Theme::changed, this, size);
}

void TodayPage::connectBoard()
{
    connect(m_boardView, &BoardView::statusRequested, m_desk, &DayDesk::setStatus);
    connect(m_boardView, &BoardView::patientRequested, this, &Page::patientRequested);
    // The board is always today's; what is opened from it stands on that day.
    connect(m_boardView, &BoardView::openRequested, this, [this](const AppointmentId& id) {
        m_desk->showDay(m_desk->today());
        m_desk->openAppointment(id);
    });
    connect(m_boardView, &BoardView::cancelRequested, this, [this](const AppointmentId& id) {
        m_desk->showDay(m_desk->today());
        m_desk->askCancelReason(id);
    });
    connect(m_boardView, &BoardView::limitChosen, this, [this](std::chrono::minutes limit) {
        m_board.setLimit(limit);
        if (m_settings)
            m_settings->setWaitLimitMinutes(static_cast<int>(limit.count()));
    });
}

QString TodayPage::title() const
{
    return tr("Today");
}

QList<KeyHint> TodayPage::keyHints() const
{
    return {{tr("F6"), tr("To the visits of today, and back to the day")},
            {tr("Left / Right"), tr("On the board: from stage to stage")},
            {tr("Ctrl+Left / Right"), tr("On the board: move the visit to the next stage, or back")},
            {tr("E  A  R  D"), tr("On the board: expected, arrived, in room, done")},
            {tr("Enter"), tr("On the board: open the appointment")}};
}

void TodayPage::useSettings(DesktopSettings& settings)
{
    m_settings = &settings;
    const std::chrono::minutes limit(settings.waitLimitMinutes());
    m_board.setLimit(limit);
    m_boardView->showLimit(limit);
}

void TodayPage::activated()
{
    m_board.refreshNow();
    m_desk->activated();
    m_dock->activated();
}

void TodayPage::focusBoard()
{
    for (const auto stage : {VisitStage::Arrived, VisitStage::Expected, VisitStage::InRoom, VisitStage::Done})
        if (m_boardView->list(stage).hasFocus()) {
            m_desk->view().setFocus();
            return;
        }
    for (const auto stage : {VisitStage::Arrived, VisitStage::Expected, VisitStage::InRoom, VisitStage::Done})
        if (m_board.cards(stage).size() > 0) {
            m_boardView->list(stage).setFocus();
            return;
        }
}

QStringList TodayPage::tourStops() const
{
    return {QStringLiteral("today"), QStringLiteral("today-board"), QStringLiteral("today-appointment")};
}

void TodayPage::showTourStop(const QString& stop)
{
    m_desk->closeSide();
    m_desk->stepDay(0);
    if (stop == QLatin1String("today-board"))
        focusBoard();
    else if (stop == QLatin1String("today-appointment"))
        m_desk->showNext(true);
}

} // namespace yarrow
