// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/today/visit_delegate.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/status_look.h"
#include "ui/widgets/record_marks.h"
#include "ui/widgets/texts.h"

#include <QDateTime>
#include <QPainter>

#include <algorithm>

namespace yarrow {
namespace {

constexpr int kBar = 4;
constexpr int kSmallIcon = 14;

/// How the minutes look: quiet in the ordinary case.
struct MinutesLook
{
    ColorToken ink = ColorToken::TextMuted;
    ColorToken fill = ColorToken::Surface;
    const char16_t* icon = nullptr;
};

MinutesLook lookOf(const BoardCard& card, VisitStage stage)
{
    if (card.late)
        return {ColorToken::Bad, ColorToken::BadSoft, u"warning"};
    if (stage == VisitStage::Expected && card.minutes && card.minutes->count() > 0)
        return {ColorToken::Warn, ColorToken::WarnSoft, u"clock"};
    if (stage == VisitStage::Arrived)
        return {ColorToken::Warn, ColorToken::WarnSoft, u"clock"};
    return {};
}

/// The chip with the minutes, at the end of LINE. Returns how much of the line it takes.
int paintMinutes(QPainter& painter, const QStyleOptionViewItem& option, const QRect& line,
                 const BoardCard& card, VisitStage stage)
{
    const QString minutes = minutesText(card, stage);
    if (minutes.isEmpty())
        return 0;
    const Theme& theme = Theme::current();
    const auto mirrored = [&](QRect r) { return QStyle::visualRect(option.direction, option.rect, r); };
    const MinutesLook look = lookOf(card, stage);
    const QFont small = theme.font(TextStyle::Small);
    const int side = look.icon ? theme.iconPx(kSmallIcon) : 0;
    const int width = QFontMetrics(small).horizontalAdvance(minutes) + side + theme.space(look.icon ? 4 : 2);
    QRect chip(line.right() - width, line.top() - theme.px(1), width, line.height() + theme.px(2));
    if (look.icon) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.color(look.fill));
        painter.drawRoundedRect(mirrored(chip), theme.px(5), theme.px(5));
        Theme::icon(QString::fromUtf16(look.icon), look.ink)
            .paint(&painter,
                   mirrored(QRect(chip.left() + theme.px(5), chip.center().y() - side / 2, side, side)));
        chip.setLeft(chip.left() + side + theme.space(2));
    }
    painter.setFont(small);
    painter.setPen(theme.color(look.ink));
    painter.drawText(
        mirrored(chip.adjusted(0, 0, -theme.space(1), 0)),
        static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignRight) | Qt::AlignVCenter),
        minutes);
    return width + theme.space(2);
}

} // namespace

VisitDelegate::VisitDelegate(VisitStage stage, const QTimeZone& zone, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_stage(stage)
    , m_zone(zone)
{}

QSize VisitDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& /*index*/) const
{
    const Theme& theme = Theme::current();
    return {option.rect.width(), QFontMetrics(theme.font(TextStyle::Strong)).height() +
                                     QFontMetrics(theme.font(TextStyle::Small)).height() + theme.space(4)};
}

void VisitDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    const auto* card =
        static_cast<const BoardCard*>(index.data(VisitListModel::CardRole).value<const void*>());
    if (!card)
        return;
    const Theme& theme = Theme::current();
    const Appointment& visit = card->row.appointment;
    const auto mirrored = [&](QRect r) { return QStyle::visualRect(option.direction, option.rect, r); };
    const auto leading =
        static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignVCenter) |
        Qt::TextSingleLine;
    const StatusLook status = lookOf(visit.status);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect box = option.rect.adjusted(theme.px(4), theme.px(2), -theme.px(4), -theme.px(2));
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool focused = selected && option.state.testFlag(QStyle::State_HasFocus);
    QColor edge = theme.color(focused ? ColorToken::Accent : ColorToken::Line);
    painter->setPen(card->unsaved ? QPen(theme.color(ColorToken::Accent), 1.5, Qt::DashLine)
                                  : QPen(edge, focused ? 2 : 1));
    painter->setBrush(theme.color(
        selected
            ? ColorToken::Selection
            : (option.state.testFlag(QStyle::State_MouseOver) ? ColorToken::Hover : ColorToken::Surface)));
    painter->drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(5), theme.px(5));
    const QRect bar(box.left() + theme.px(4), box.top() + theme.px(5), theme.px(kBar) - 1,
                    box.height() - theme.px(10));
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme.color(status.ink));
    painter->drawRoundedRect(mirrored(bar), 1.5, 1.5);

    QRect room = box.adjusted(theme.px(kBar) + theme.space(3), theme.px(5), -theme.space(2), -theme.px(5));
    const QFont strong = theme.font(TextStyle::Strong);
    const QFont small = theme.font(TextStyle::Small);
    const QFontMetrics strongMetrics(strong);
    const QFontMetrics smallMetrics(small);
    QRect first(room.left(), room.top(), room.width(), strongMetrics.height());
    QRect second(room.left(), first.bottom() + theme.px(2), room.width(), smallMetrics.height());

    const QString time = timeText(localTime(visit.start, m_zone).time());
    painter->setFont(theme.font(TextStyle::Figures));
    painter->setPen(theme.color(ColorToken::TextMuted));
    const int timeWidth = QFontMetrics(painter->font()).horizontalAdvance(time) + theme.space(2);
    painter->drawText(mirrored(first), leading, time);
    first.setLeft(first.left() + timeWidth);
    if (const Marks marks = recordMarks(card->row); !marks.isEmpty()) {
        // The name is what is looked for: marks and their words stand beside it where they take nothing from
        // it.
        const int name = strongMetrics.horizontalAdvance(whoText(card->row)) + theme.space(2);
        const bool withWords = name + marksWidth(marks, true) <= first.width();
        const int width = marksWidth(marks, withWords);
        QRect& line = name + width <= first.width() ? first : second;
        const bool isFirst = &line == &first;
        const int left = isFirst ? line.right() - width : line.left();
        paintMarks(*painter, option, QRect(left, line.top(), width, line.height()), marks, withWords);
        if (isFirst)
            line.setRight(left - theme.space(1));
        else
            line.setLeft(left + width + theme.space(1));
    }
    painter->setFont(strong);
    painter->setPen(theme.color(ColorToken::Text));
    painter->drawText(mirrored(first), leading,
                      strongMetrics.elidedText(whoText(card->row), Qt::ElideRight, first.width()));

    // Beside the facts, not beside the name: the name is what is looked for.
    second.setRight(second.right() - paintMinutes(*painter, option, second, *card, m_stage));
    painter->setFont(small);
    painter->setPen(theme.color(ColorToken::TextMuted));
    const QString where = joinFacts({card->practitioner, card->row.roomName, card->row.serviceName});
    painter->drawText(mirrored(second), leading,
                      smallMetrics.elidedText(where, Qt::ElideRight, second.width()));
    painter->restore();
}

} // namespace yarrow
