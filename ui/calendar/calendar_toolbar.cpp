// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/calendar_toolbar.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/texts.h"

#include <QAction>
#include <QCalendarWidget>
#include <QComboBox>
#include <QHBoxLayout>
#include <QMenu>

#include <array>

namespace yarrow {
namespace {

constexpr std::array<int, 6> kGrids{5, 10, 15, 20, 30, 60};

/// A month that opens under the date and goes away once a day is chosen.
class MonthPopover final : public QFrame
{
public:
    MonthPopover(QDate day, CalendarToolbar& toolbar)
        : QFrame(&toolbar, Qt::Popup)
    {
        setObjectName(QStringLiteral("monthPopover"));
        setProperty("look", QStringLiteral("card"));
        setAttribute(Qt::WA_DeleteOnClose);
        auto* month = new QCalendarWidget(this);
        month->setObjectName(QStringLiteral("month"));
        month->setAccessibleName(CalendarToolbar::tr("Choose a day"));
        month->setVerticalHeaderFormat(QCalendarWidget::ISOWeekNumbers);
        month->setFirstDayOfWeek(QLocale().firstDayOfWeek());
        month->setSelectedDate(day);
        connect(month, &QCalendarWidget::activated, &toolbar, [this, &toolbar](QDate chosen) {
            close();
            Q_EMIT toolbar.dayChosen(chosen);
        });
        connect(month, &QCalendarWidget::clicked, &toolbar, [this, &toolbar](QDate chosen) {
            close();
            Q_EMIT toolbar.dayChosen(chosen);
        });
        auto* column = new QVBoxLayout(this);
        column->setContentsMargins(8, 8, 8, 8);
        column->addWidget(month);
        setFocusProxy(month);
    }
};

} // namespace

CalendarToolbar::CalendarToolbar(DayScheduleModel& model, QWidget* parent)
    : QFrame(parent)
    , m_model(model)
    , m_date(makeButton({}, ButtonKind::Quiet, QStringLiteral("calendarDate")))
    , m_today(makeButton(tr("Today"), ButtonKind::Normal, QStringLiteral("calendarToday")))
    , m_filter(makeButton({}, ButtonKind::Normal, QStringLiteral("practitionerFilter")))
    , m_filterMenu(new QMenu(this))
    , m_arrangement(new QComboBox)
    , m_grid(new QComboBox)
    , m_openings(makeButton(tr("Openings"), ButtonKind::Normal, QStringLiteral("showOpenings")))
    , m_book(makeButton(tr("Book"), ButtonKind::Primary, QStringLiteral("bookAppointment")))
{
    setObjectName(QStringLiteral("calendarToolbar"));
    setProperty("look", QStringLiteral("panel"));
    const Theme& theme = Theme::current();
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    auto* back = makeIconButton(mirrored ? QStringLiteral("chevron-right") : QStringLiteral("chevron-left"),
                                tr("The day before (Page Up)"), QStringLiteral("previousDay"));
    auto* forward =
        makeIconButton(mirrored ? QStringLiteral("chevron-left") : QStringLiteral("chevron-right"),
                       tr("The next day (Page Down)"), QStringLiteral("nextDay"));
    connect(back, &QToolButton::clicked, this, [this] { Q_EMIT stepRequested(-1); });
    connect(forward, &QToolButton::clicked, this, [this] { Q_EMIT stepRequested(1); });
    connect(m_today, &QPushButton::clicked, this, [this] { Q_EMIT stepRequested(0); });
    m_today->setToolTip(tr("Go to today (Home)"));
    styleDate();
    m_date->setToolTip(tr("Choose a day"));
    connect(m_date, &QPushButton::clicked, this, &CalendarToolbar::openMonth);

    m_filter->setIcon(Theme::icon(u"user"));
    m_filter->setMenu(m_filterMenu);
    connect(m_filterMenu, &QMenu::aboutToShow, this, &CalendarToolbar::fillPractitioners);
    m_arrangement->setObjectName(QStringLiteral("calendarArrangement"));
    m_arrangement->setAccessibleName(tr("What stands side by side"));
    connect(m_arrangement, &QComboBox::activated, this, [this] {
        m_model.setArrangement(static_cast<Arrangement>(m_arrangement->currentData().toInt()));
    });
    m_grid->setObjectName(QStringLiteral("calendarGrid"));
    m_grid->setAccessibleName(tr("Grid of the day"));
    m_grid->setToolTip(tr("How fine the day is divided (Ctrl and the wheel, Ctrl++ and Ctrl+-)"));
    for (const int minutes : kGrids)
        m_grid->addItem(durationText(std::chrono::minutes(minutes)), minutes);
    connect(m_grid, &QComboBox::activated, this,
            [this] { Q_EMIT gridChosen(std::chrono::minutes(m_grid->currentData().toInt())); });
    m_openings->setIcon(Theme::icon(u"search"));
    m_openings->setToolTip(tr("Find the next openings (F3)"));
    connect(m_openings, &QPushButton::clicked, this, &CalendarToolbar::openingsRequested);
    m_book->setIcon(Theme::icon(u"plus", ColorToken::OnAccent));
    m_book->setToolTip(tr("Book at the selected time (Ctrl+N)"));
    connect(m_book, &QPushButton::clicked, this, &CalendarToolbar::bookRequested);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme.space(4), theme.space(2), theme.space(4), theme.space(2));
    row->setSpacing(theme.space(1));
    row->addWidget(back);
    row->addWidget(forward);
    row->addWidget(m_today);
    row->addSpacing(theme.space(2));
    row->addWidget(m_date);
    row->addStretch(1);
    row->addWidget(m_arrangement);
    row->addWidget(m_filter);
    row->addWidget(m_grid);
    row->addSpacing(theme.space(2));
    row->addWidget(m_openings);
    row->addWidget(m_book);
    connect(&m_model, &DayScheduleModel::reset, this, &CalendarToolbar::nameFilter);
    connect(&theme, &Theme::changed, this, &CalendarToolbar::styleDate);
    nameFilter();
}

/// A heading that is pressed: the style sheet knows no such button.
void CalendarToolbar::styleDate()
{
    const Theme& theme = Theme::current();
    m_date->setStyleSheet(QStringLiteral("QPushButton { font-size: %1pt; font-weight: 600; color: %2; }")
                              .arg(theme.font(TextStyle::Heading).pointSizeF())
                              .arg(theme.color(ColorToken::Text).name()));
}

/// As much text as there is room for.
void CalendarToolbar::fit()
{
    for (const Room room : {Room::Ample, Room::ShortDate, Room::FewTexts, Room::IconsOnly}) {
        writeTexts(room);
        layout()->invalidate();
        if (layout()->sizeHint().width() <= width())
            return;
    }
}

void CalendarToolbar::writeTexts(Room room)
{
    if (m_day.isValid()) {
        const QLocale locale;
        const auto week = [&](const QString& lastFormat) {
            return tr("%1 – %2", "first and last day of a week")
                .arg(locale.toString(m_model.firstDay(), tr("d MMM")),
                     locale.toString(m_model.lastDay(), lastFormat));
        };
        if (room == Room::Ample)
            m_date->setText(m_model.isWeek() ? week(tr("d MMM yyyy")) : dayText(m_day));
        else
            m_date->setText(m_model.isWeek() ? week(tr("d MMM")) : locale.toString(m_day, tr("ddd d MMM")));
    }
    // The accessible names and the tips say the whole in any case.
    m_filter->setText(room < Room::FewTexts ? m_filterText : QString());
    m_openings->setText(room < Room::FewTexts ? tr("Openings") : QString());
    m_book->setText(room < Room::IconsOnly ? tr("Book") : QString());
    m_today->setVisible(room < Room::IconsOnly);
    m_grid->setVisible(room < Room::IconsOnly); // Ctrl and the wheel do the same
}

QSize CalendarToolbar::minimumSizeHint() const
{
    return {0, QFrame::minimumSizeHint().height()}; // texts give way instead
}

void CalendarToolbar::showDay(QDate day, QDate today)
{
    m_day = day;
    fit();
    m_date->setAccessibleName(tr("%1, choose another day").arg(dayText(day)));
    m_today->setEnabled(day != today);
}

void CalendarToolbar::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    fit();
}

void CalendarToolbar::showGrid(std::chrono::minutes grid)
{
    m_grid->setCurrentIndex(m_grid->findData(static_cast<int>(grid.count())));
}

void CalendarToolbar::openMonth()
{
    auto* month = new MonthPopover(m_day, *this);
    month->adjustSize();
    const int x = layoutDirection() == Qt::RightToLeft ? m_date->width() - month->width() : 0;
    month->move(m_date->mapToGlobal(QPoint(x, m_date->height())));
    month->show();
    month->setFocus();
}

void CalendarToolbar::fillArrangements()
{
    m_arrangement->clear();
    const auto add = [this](const QString& text, Arrangement arrangement) {
        m_arrangement->addItem(text, static_cast<int>(arrangement));
    };
    add(tr("Practitioners"), Arrangement::Practitioners);
    add(tr("Rooms"), Arrangement::Rooms);
    if (!m_model.session().devices().empty())
        add(tr("Devices"), Arrangement::Devices);
    add(tr("Week"), Arrangement::Week);
    m_arrangement->setCurrentIndex(m_arrangement->findData(static_cast<int>(m_model.arrangement())));
}

/// Whose week it is.
void CalendarToolbar::fillWeekOf()
{
    for (const CalendarResource& practitioner : m_model.practitioners()) {
        QAction* one = m_filterMenu->addAction(practitioner.name);
        one->setCheckable(true);
        one->setChecked(practitioner.id == m_model.weekOf());
        connect(one, &QAction::triggered, &m_model, [this, id = practitioner.id] { m_model.setWeekOf(id); });
    }
}

void CalendarToolbar::fillPractitioners()
{
    m_filterMenu->clear();
    if (m_model.isWeek())
        return fillWeekOf();
    const auto& shown = m_model.shownPractitioners();
    QAction* all = m_filterMenu->addAction(tr("Everyone"));
    all->setCheckable(true);
    all->setChecked(shown.empty());
    connect(all, &QAction::triggered, &m_model, [this] { m_model.setShownPractitioners({}); });
    m_filterMenu->addSeparator();
    for (const CalendarResource& practitioner : m_model.practitioners()) {
        QAction* one = m_filterMenu->addAction(practitioner.name);
        one->setCheckable(true);
        one->setChecked(shown.contains(practitioner.id));
        connect(one, &QAction::triggered, &m_model, [this, id = practitioner.id](bool checked) {
            auto wanted = m_model.shownPractitioners();
            if (checked)
                wanted.insert(id);
            else
                wanted.erase(id);
            m_model.setShownPractitioners(wanted);
        });
    }
    m_filterMenu->addSeparator();
    QAction* cancelled = m_filterMenu->addAction(tr("Show cancelled appointments"));
    cancelled->setCheckable(true);
    cancelled->setChecked(m_model.showsCancelled());
    connect(cancelled, &QAction::triggered, &m_model, &DayScheduleModel::setShowsCancelled);
}

void CalendarToolbar::nameFilter()
{
    fillArrangements();
    m_filter->setVisible(m_model.arrangement() == Arrangement::Practitioners || m_model.isWeek());
    if (m_model.isWeek()) {
        for (const CalendarResource& each : m_model.practitioners())
            if (each.id == m_model.weekOf())
                m_filterText = each.name;
        m_filter->setAccessibleName(tr("Whose week: %1").arg(m_filterText));
        fit();
        return;
    }
    const auto& shown = m_model.shownPractitioners();
    const int all = static_cast<int>(m_model.practitioners().size());
    m_filterText = shown.empty() ? tr("Everyone")
                                 : tr("%1 of %2", "shown practitioners of all").arg(shown.size()).arg(all);
    m_filter->setAccessibleName(tr("Practitioners shown: %1").arg(m_filterText));
    fit();
}

} // namespace yarrow
