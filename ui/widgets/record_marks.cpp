// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/record_marks.h"

#include "models/items/clinic_rows.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"

#include <QCoreApplication>
#include <QPainter>
#include <QStringList>
#include <QStyleOptionViewItem>

namespace yarrow {
namespace {

constexpr int kSide = 16;

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(RecordMarks)
};

int gap()
{
    return Theme::current().space(1);
}

int widthOf(const Mark& mark, bool withWords)
{
    const Theme& theme = Theme::current();
    const int icon = theme.iconPx(kSide);
    return withWords && !mark.words.isEmpty()
               ? icon + gap() + QFontMetrics(theme.font(TextStyle::Small)).horizontalAdvance(mark.words) +
                     gap()
               : icon;
}

} // namespace

Marks recordMarks(bool conflicted, bool unconfirmed)
{
    Marks marks;
    if (conflicted)
        marks << Mark{QStringLiteral("warning"), ColorToken::Warn, Texts::tr("Conflict to decide")};
    if (unconfirmed)
        marks << Mark{QStringLiteral("unsent"), ColorToken::TextMuted, Texts::tr("Not at the server yet")};
    return marks;
}

Marks recordMarks(const PatientRow& row)
{
    return recordMarks(row.conflicted, row.unsent);
}

Marks recordMarks(const AppointmentRow& row)
{
    return recordMarks(row.conflicted, row.provisional);
}

QString marksText(const Marks& marks)
{
    QStringList words;
    for (const Mark& mark : marks)
        words << mark.words;
    return joinFacts(words);
}

int marksWidth(const Marks& marks, bool withWords)
{
    int width = 0;
    for (const Mark& mark : marks)
        width += widthOf(mark, withWords) + gap();
    return width == 0 ? 0 : width - gap();
}

void paintMarks(QPainter& painter, const QStyleOptionViewItem& option, const QRect& place, const Marks& marks,
                bool withWords)
{
    const Theme& theme = Theme::current();
    const int side = theme.iconPx(kSide);
    const auto mirrored = [&](QRect r) { return QStyle::visualRect(option.direction, option.rect, r); };
    const int leading =
        static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignVCenter);
    painter.setFont(theme.font(TextStyle::Small));
    painter.setPen(theme.color(ColorToken::TextMuted));
    int left = place.left();
    for (const Mark& mark : marks) {
        Theme::icon(mark.icon, mark.ink)
            .paint(&painter, mirrored(QRect(left, place.center().y() - side / 2, side, side)));
        const int width = widthOf(mark, withWords);
        if (width > side)
            painter.drawText(
                mirrored(QRect(left + side + gap(), place.top(), width - side - gap(), place.height())),
                leading | Qt::TextSingleLine, mark.words);
        left += width + gap();
    }
}

void showMarks(Chip& chip, const Marks& marks)
{
    chip.setVisible(!marks.isEmpty());
    if (marks.isEmpty())
        return;
    const Mark& first = marks.front();
    chip.set(first.ink == ColorToken::Warn ? Tone::Warn : Tone::Plain, first.icon, marksText(marks));
}

Chip* makeMarksChip(const Marks& marks)
{
    auto* chip = new Chip(Tone::Plain, {}, {});
    chip->setObjectName(QStringLiteral("recordState"));
    chip->setHidden(marks.isEmpty());
    showMarks(*chip, marks);
    return chip;
}

} // namespace yarrow
