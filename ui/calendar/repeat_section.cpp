// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/repeat_section.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/series_texts.h"
#include "ui/calendar/wheel_guard.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateEdit>
#include <QGridLayout>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {
namespace {

constexpr int kUsualCount = 6;
constexpr int kUsualMonths = 3; ///< until when, at first
constexpr int kMostInterval = 52;
constexpr int kByCount = 0; ///< the choices of how it ends
constexpr int kByDate = 1;

bool isLastOfItsKind(QDate day)
{
    return day.addDays(7).month() != day.month();
}

} // namespace

RepeatSection::RepeatSection(QWidget* parent)
    : QWidget(parent)
    , m_kind(new QComboBox)
    , m_interval(new QSpinBox)
    , m_end(new QComboBox)
    , m_count(new QSpinBox)
    , m_until(new QDateEdit)
    , m_sentence(makeParagraph({}, TextStyle::Body))
    , m_details(new QWidget)
{
    const int gap = Theme::current().space(2);
    m_interval->setRange(1, kMostInterval);
    m_count->setRange(2, kMostOccurrences);
    m_count->setValue(kUsualCount);
    m_sentence->setObjectName(QStringLiteral("repeatSentence"));
    m_kind->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_kind->setMinimumContentsLength(6);
    m_intervalField = new Field(tr("Every"), m_interval, QStringLiteral("repeatInterval"));
    auto* what = new QHBoxLayout;
    what->setSpacing(gap);
    what->addWidget(new Field(tr("Repeats"), m_kind, QStringLiteral("repeatKind")), 4);
    what->addWidget(m_intervalField, 2);
    m_daysField = new Field(tr("On"), makeDays(), QStringLiteral("repeatDays"));
    auto* details = new QVBoxLayout(m_details);
    details->setContentsMargins(0, 0, 0, 0);
    details->setSpacing(gap);
    details->addWidget(m_daysField);
    details->addWidget(makeEnd());
    details->addWidget(m_sentence);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gap);
    column->addLayout(what);
    column->addWidget(m_details);
    auto* guard = new WheelGuard(this);
    for (QWidget* box : std::initializer_list<QWidget*>{m_kind, m_interval, m_end, m_count, m_until})
        guard->protect(box);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &RepeatSection::edited);
    connect(m_end, &QComboBox::currentIndexChanged, this, &RepeatSection::edited);
    connect(m_interval, &QSpinBox::valueChanged, this, &RepeatSection::edited);
    connect(m_count, &QSpinBox::valueChanged, this, &RepeatSection::edited);
    connect(m_until, &QDateEdit::dateChanged, this, [this] {
        if (!m_loading)
            m_untilChosen = true;
        edited();
    });
    offerKinds(Kind::None);
    showRule();
}

QWidget* RepeatSection::makeDays()
{
    auto* days = new QWidget;
    auto* grid = new QGridLayout(days);
    grid->setContentsMargins(0, 0, 0, 0);
    const int first = static_cast<int>(QLocale().firstDayOfWeek()) - 1;
    for (int place = 0; place < 7; ++place) {
        const int day = (first + place) % 7;
        auto* box = new QCheckBox(QLocale().standaloneDayName(day + 1, QLocale::ShortFormat));
        box->setAccessibleName(QLocale().standaloneDayName(day + 1, QLocale::LongFormat));
        box->setObjectName(QStringLiteral("repeatDay%1").arg(day + 1));
        connect(box, &QCheckBox::toggled, this, &RepeatSection::edited);
        m_weekdays[static_cast<std::size_t>(day)] = box;
        grid->addWidget(box, place / 4, place % 4);
    }
    return days;
}

QWidget* RepeatSection::makeEnd()
{
    m_end->addItem(tr("After a number of visits"));
    m_end->addItem(tr("On a date"));
    m_end->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_end->setMinimumContentsLength(6);
    m_until->setCalendarPopup(true);
    m_until->setLayoutDirection(Qt::LeftToRight); // see AppointmentPanel::makeTimes
    m_until->setDisplayFormat(dateFieldFormat());
    m_endField = new Field(tr("Ends"), m_end, QStringLiteral("repeatEnd"));
    m_countField = new Field(tr("Visits"), m_count, QStringLiteral("repeatCount"));
    m_untilField = new Field(tr("Last day"), m_until, QStringLiteral("repeatUntil"));
    auto* end = new QWidget;
    auto* row = new QHBoxLayout(end);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::current().space(2));
    row->addWidget(m_endField, 4);
    row->addWidget(m_countField, 2);
    row->addWidget(m_untilField, 2);
    return end;
}

RepeatSection::Kind RepeatSection::kind() const
{
    return static_cast<Kind>(m_kind->currentData().toInt());
}

/// What is there to choose from depends on the first day: only some are the last Tuesday of their month.
void RepeatSection::offerKinds(Kind chosen)
{
    const auto add = [this](Kind kind, const QString& text) {
        m_kind->addItem(text, static_cast<int>(kind));
    };
    m_kind->clear();
    add(Kind::None, tr("Does not repeat"));
    add(Kind::Daily, tr("Daily"));
    add(Kind::Weekly, tr("Weekly"));
    if (m_day.isValid()) {
        const int nth = (m_day.day() - 1) / 7 + 1;
        add(Kind::MonthDay, tr("Monthly, on day %1").arg(m_day.day()));
        if (m_day.day() == m_day.daysInMonth())
            add(Kind::LastDay, tr("Monthly, on the last day"));
        if (nth <= 4)
            add(Kind::NthWeekday, monthlyChoice({nth, m_day.dayOfWeek()}));
        if (isLastOfItsKind(m_day))
            add(Kind::LastWeekday, monthlyChoice({-1, m_day.dayOfWeek()}));
    }
    int index = m_kind->findData(static_cast<int>(chosen));
    if (index < 0) // another day has another name for it
        index = m_kind->findData(static_cast<int>(chosen == Kind::LastDay      ? Kind::MonthDay
                                                  : chosen == Kind::NthWeekday ? Kind::LastWeekday
                                                                               : Kind::NthWeekday));
    m_kind->setCurrentIndex(std::max(0, index));
}

void RepeatSection::setStart(QDate day, QTime at)
{
    if (day == m_day && at == m_at)
        return;
    const QDate before = m_day;
    m_day = day;
    m_at = at;
    m_loading = true;
    if (before != day) {
        offerKinds(kind());
        // The weekday that was only the first visit's goes along with it.
        int ticked = 0;
        for (const QCheckBox* box : m_weekdays)
            ticked += box->isChecked() ? 1 : 0;
        if (ticked == 0 || (before.isValid() && ticked == 1 &&
                            m_weekdays[static_cast<std::size_t>(before.dayOfWeek() - 1)]->isChecked()))
            for (std::size_t i = 0; i < m_weekdays.size(); ++i)
                m_weekdays[i]->setChecked(static_cast<int>(i) + 1 == day.dayOfWeek());
        if (!m_untilChosen)
            m_until->setDate(day.addMonths(kUsualMonths));
    }
    m_loading = false;
    showRule();
}

std::optional<Recurrence> RepeatSection::recurrence() const
{
    Recurrence recurrence;
    RecurrenceRule& rule = recurrence.rule;
    switch (kind()) {
    case Kind::None:
        return std::nullopt;
    case Kind::Daily:
        rule.frequency = Frequency::Daily;
        break;
    case Kind::Weekly:
        rule.frequency = Frequency::Weekly;
        for (std::size_t i = 0; i < m_weekdays.size(); ++i)
            if (m_weekdays[i]->isChecked())
                rule.days.push_back({0, static_cast<int>(i) + 1});
        break;
    case Kind::MonthDay:
        rule.frequency = Frequency::Monthly;
        rule.monthDays = {m_day.day()};
        break;
    case Kind::LastDay:
        rule.frequency = Frequency::Monthly;
        rule.monthDays = {-1};
        break;
    case Kind::NthWeekday:
        rule.frequency = Frequency::Monthly;
        rule.days = {{(m_day.day() - 1) / 7 + 1, m_day.dayOfWeek()}};
        break;
    case Kind::LastWeekday:
        rule.frequency = Frequency::Monthly;
        rule.days = {{-1, m_day.dayOfWeek()}};
        break;
    }
    rule.interval = m_interval->value();
    if (m_end->currentIndex() == kByCount)
        rule.count = m_count->value();
    else
        rule.until = m_until->date();
    return recurrence;
}

std::optional<RepeatSection::Kind> RepeatSection::kindOf(const RecurrenceRule& rule) const
{
    if (!rule.positions.empty() || !rule.months.empty() || rule.interval > kMostInterval)
        return std::nullopt;
    const bool plain = rule.days.empty() && rule.monthDays.empty();
    if (rule.frequency == Frequency::Daily && plain)
        return Kind::Daily;
    if (rule.frequency == Frequency::Weekly && rule.monthDays.empty())
        return Kind::Weekly;
    if (rule.frequency != Frequency::Monthly)
        return std::nullopt;
    if (rule.days.empty() && rule.monthDays == std::vector{m_day.day()})
        return Kind::MonthDay;
    if (rule.days.empty() && rule.monthDays == std::vector{-1})
        return Kind::LastDay;
    if (rule.days.size() == 1 && rule.monthDays.empty())
        return rule.days.front().nth == -1 ? Kind::LastWeekday : Kind::NthWeekday;
    return std::nullopt;
}

void RepeatSection::setRecurrence(const std::optional<Recurrence>& recurrence)
{
    m_loading = true;
    const auto known = recurrence ? kindOf(recurrence->rule) : std::nullopt;
    offerKinds(known.value_or(Kind::None));
    m_untilChosen = false;
    if (m_day.isValid())
        m_until->setDate(m_day.addMonths(kUsualMonths));
    m_interval->setValue(known ? recurrence->rule.interval : 1);
    m_count->setValue(known ? recurrence->rule.count.value_or(kUsualCount) : kUsualCount);
    m_end->setCurrentIndex(known && recurrence->rule.until ? kByDate : kByCount);
    if (known && recurrence->rule.until) {
        m_until->setDate(*recurrence->rule.until);
        m_untilChosen = true;
    }
    for (std::size_t i = 0; i < m_weekdays.size(); ++i) {
        const int weekday = static_cast<int>(i) + 1;
        bool isTicked = m_day.isValid() && m_day.dayOfWeek() == weekday;
        if (known == Kind::Weekly && !recurrence->rule.days.empty())
            isTicked = std::any_of(recurrence->rule.days.begin(), recurrence->rule.days.end(),
                                   [&](const RuleDay& day) { return day.weekday == weekday; });
        m_weekdays[i]->setChecked(isTicked);
    }
    m_loading = false;
    showRule();
}

void RepeatSection::edited()
{
    if (m_loading)
        return;
    showRule();
    Q_EMIT changed();
}

void RepeatSection::showRule()
{
    const Kind chosen = kind();
    m_details->setVisible(chosen != Kind::None);
    m_intervalField->setVisible(chosen != Kind::None);
    m_daysField->setVisible(chosen == Kind::Weekly);
    m_countField->setVisible(m_end->currentIndex() == kByCount);
    m_untilField->setVisible(m_end->currentIndex() == kByDate);
    const int interval = m_interval->value();
    m_interval->setSuffix(chosen == Kind::Daily    ? tr(" days", "after a number", interval)
                          : chosen == Kind::Weekly ? tr(" weeks", "after a number", interval)
                                                   : tr(" months", "after a number", interval));
    m_isValid = true;
    const auto wished = recurrence();
    if (!wished || !m_day.isValid())
        return;
    const auto days = occurrences(*wished, m_day, m_at);
    m_isValid = days.has_value();
    m_sentence->setText(m_isValid
                            ? tr("%1 %2", "two sentences: the rule, how many visits and from when to when")
                                  .arg(ruleSentence(wished->rule, m_day), extentSentence(*days))
                            : ruleProblem(days.error()));
    // Where a rule without visits can be mended.
    setFocusProxy(m_end->currentIndex() == kByDate ? static_cast<QWidget*>(m_until) : m_count);
    setInk(m_sentence, m_isValid ? ColorToken::Text : ColorToken::Bad);
}

} // namespace yarrow
