// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/week_editor.h"

#include "ui/setup/hours_bar.h"
#include "ui/setup/hours_text.h"
#include "ui/widgets/controls.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>

#include <algorithm>

namespace yarrow {

namespace {

QString problemText(const TypedHours& typed)
{
    switch (typed.problem) {
    case TypedHours::Problem::None:
        break;
    case TypedHours::Problem::NotUnderstood:
        return WeekEditor::tr("“%1” is not understood. Write the hours like 8-12, 14:30-18.").arg(typed.part);
    case TypedHours::Problem::EndNotAfterStart:
        return WeekEditor::tr("“%1” ends before it begins.").arg(typed.part);
    case TypedHours::Problem::Overlap:
        return WeekEditor::tr("“%1” overlaps the hours before it.").arg(typed.part);
    }
    return {};
}

QString lengthText(int minutes)
{
    return minutes % 60 == 0
               ? WeekEditor::tr("%1 h", "a number of hours").arg(minutes / 60)
               : WeekEditor::tr("%1 h %2 min", "hours and minutes").arg(minutes / 60).arg(minutes % 60);
}

} // namespace

WeekEditor::WeekEditor(QWidget* parent)
    : QWidget(parent)
    , m_total(makeLabel({}, TextStyle::Small, ColorToken::TextMuted))
{
    const Theme& theme = Theme::current();
    setObjectName(QStringLiteral("weekEditor"));
    setAccessibleName(tr("Weekly hours"));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(theme.space(3));
    grid->setVerticalSpacing(0);
    grid->setColumnStretch(1, 2);
    grid->setColumnStretch(2, 3);
    const int first = static_cast<int>(QLocale().firstDayOfWeek()) - 1;
    for (int row = 0; row < 7; ++row) {
        m_order[static_cast<std::size_t>(row)] = (first + row) % 7;
        makeDay(m_order[static_cast<std::size_t>(row)]);
    }
    m_total->setObjectName(QStringLiteral("weekTotal"));
    grid->addWidget(m_total, 14, 1, 1, 2);
    grid->addWidget(makeParagraph(tr("Enter goes to the next day, Ctrl+D takes the hours of the day above."),
                                  TextStyle::Small, ColorToken::TextMuted),
                    15, 1, 1, 2);
    showAll();
}

void WeekEditor::makeDay(int index)
{
    const Theme& theme = Theme::current();
    auto* grid = static_cast<QGridLayout*>(layout());
    const auto at = std::find(m_order.begin(), m_order.end(), index);
    const int row = static_cast<int>(at - m_order.begin()) * 2;
    const QString name = QLocale().standaloneDayName(index + 1, QLocale::LongFormat);
    Day& day = m_days[static_cast<std::size_t>(index)];
    day.text = new QLineEdit;
    day.text->setObjectName(QStringLiteral("hours%1").arg(index));
    day.text->setAccessibleName(tr("Hours on %1").arg(name));
    day.text->installEventFilter(this);
    auto* label = makeLabel(name);
    label->setBuddy(day.text);
    day.bar = new HoursBar;
    day.echo = makeParagraph({}, TextStyle::Small, ColorToken::TextMuted);
    day.echo->setObjectName(QStringLiteral("hoursEcho%1").arg(index));
    day.echo->setContentsMargins(theme.space(1), 0, 0, theme.space(1));
    grid->addWidget(label, row, 0);
    grid->addWidget(day.text, row, 1);
    grid->addWidget(day.bar, row, 2);
    grid->addWidget(day.echo, row + 1, 1, 1, 2);
    connect(day.text, &QLineEdit::textEdited, this, [this] {
        showAll();
        Q_EMIT edited();
    });
}

void WeekEditor::setBorrowedHours(const WeeklyHours& hours)
{
    m_borrowed = hours;
    showAll();
}

void WeekEditor::setTexts(const QStringList& days)
{
    for (std::size_t i = 0; i < m_days.size(); ++i)
        m_days[i].text->setText(days.value(static_cast<qsizetype>(i)));
    showAll();
}

QStringList WeekEditor::texts() const
{
    QStringList all;
    for (const Day& day : m_days)
        all << day.text->text();
    return all;
}

QStringList WeekEditor::textsOf(const WeeklyHours& hours)
{
    QStringList all;
    for (const auto& day : hours.days)
        all << shortHoursText(day);
    return all;
}

void WeekEditor::showDay(const Day& day)
{
    const TypedHours typed = readHours(day.text->text());
    const bool wrong = typed.problem != TypedHours::Problem::None;
    const QString said = wrong                  ? problemText(typed)
                         : typed.ranges.empty() ? QString()
                                                : hoursText(typed.ranges);
    day.echo->setText(said);
    setInk(day.echo, wrong ? ColorToken::Bad : ColorToken::TextMuted);
    day.text->setAccessibleDescription(said.isEmpty() ? tr("closed") : said);
    setLook(day.text, "invalid", wrong);
    day.bar->setRanges(typed.ranges, false);
}

void WeekEditor::showAll()
{
    int minutes = 0;
    bool anything = false;
    for (const Day& day : m_days) {
        showDay(day);
        minutes += minutesOpen(day.bar->ranges());
        anything = anything || !day.text->text().trimmed().isEmpty();
    }
    const bool isBorrowed = !anything && m_borrowed.hasHours();
    for (const Day& day : m_days)
        day.text->setPlaceholderText(isBorrowed ? tr("as the clinic") : tr("closed"));
    if (!isBorrowed) {
        m_total->setText(minutes == 0 ? QString() : tr("%1 a week").arg(lengthText(minutes)));
        return;
    }
    for (std::size_t i = 0; i < m_days.size(); ++i) {
        m_days[i].bar->setRanges(m_borrowed.days[i], true);
        m_days[i].text->setAccessibleDescription(tr("as the clinic"));
    }
    m_total->setText(tr("No hours of their own: those of the clinic hold."));
}

std::optional<WeeklyHours> WeekEditor::check()
{
    WeeklyHours hours;
    QLineEdit* wrong = nullptr;
    for (const int index : m_order) {
        const Day& day = m_days[static_cast<std::size_t>(index)];
        const TypedHours typed = readHours(day.text->text());
        hours.days[static_cast<std::size_t>(index)] = typed.ranges;
        if (typed.problem != TypedHours::Problem::None && wrong == nullptr)
            wrong = day.text;
    }
    if (wrong == nullptr)
        return hours;
    wrong->setFocus(Qt::OtherFocusReason);
    return std::nullopt;
}

bool WeekEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const auto row = std::find_if(m_order.begin(), m_order.end(), [&](int index) {
        return m_days[static_cast<std::size_t>(index)].text == watched;
    });
    const auto place = row - m_order.begin();
    const auto textAt = [&](std::ptrdiff_t at) {
        return m_days[static_cast<std::size_t>(m_order[static_cast<std::size_t>(at)])].text;
    };
    const bool plain = key->modifiers() == Qt::NoModifier || key->modifiers() == Qt::KeypadModifier;
    int step = 0;
    if (plain && (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter || key->key() == Qt::Key_Down))
        step = 1;
    else if (plain && key->key() == Qt::Key_Up)
        step = -1;
    if (step != 0) {
        const auto next = place + step;
        if (next < 0 || next > 6)
            return true;
        textAt(next)->setFocus(Qt::TabFocusReason);
        textAt(next)->selectAll();
        return true;
    }
    if (key->modifiers() == Qt::ControlModifier && key->key() == Qt::Key_D && place > 0) {
        textAt(place)->setText(textAt(place - 1)->text());
        showAll();
        Q_EMIT edited();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace yarrow
