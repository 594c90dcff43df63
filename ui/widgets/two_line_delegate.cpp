// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/two_line_delegate.h"

#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace yarrow {

TwoLineDelegate::Lines TwoLineDelegate::linesOf(const QModelIndex& index) const
{
    return {index.data(Qt::DecorationRole).value<QIcon>(), index.data(Qt::DisplayRole).toString(),
            index.data(SecondLineRole).toString(),         index.data(TrailingRole).toString(),
            !index.flags().testFlag(Qt::ItemIsEnabled),    index.data(MarksRole).value<Marks>()};
}

QSize TwoLineDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Theme& theme = Theme::current();
    int height = QFontMetrics(theme.font(TextStyle::Strong)).height() + theme.space(4);
    if (!linesOf(index).second.isEmpty())
        height += QFontMetrics(theme.font(TextStyle::Small)).height() + theme.px(2);
    return {option.rect.width(), height};
}

void TwoLineDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const Theme& theme = Theme::current();
    const Lines lines = linesOf(index);
    const auto mirrored = [&](QRect r) { return QStyle::visualRect(option.direction, option.rect, r); };
    const auto leading = [&](Qt::Alignment vertical) {
        return static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft) | vertical) |
               Qt::TextSingleLine;
    };

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected || (option.state.testFlag(QStyle::State_MouseOver) && !lines.quiet)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.color(selected ? ColorToken::Selection : ColorToken::Hover));
        painter->drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), theme.px(6), theme.px(6));
    }
    if (selected && option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(theme.color(ColorToken::Accent), 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(option.rect).adjusted(2, 2, -2, -2), theme.px(5), theme.px(5));
    }

    QRect room = option.rect.adjusted(theme.space(3), theme.space(2), -theme.space(3), -theme.space(2));
    if (!lines.icon.isNull()) {
        const int side = theme.iconSize();
        lines.icon.paint(painter,
                         mirrored(QRect(room.left(), option.rect.center().y() - side / 2, side, side)));
        room.setLeft(room.left() + side + theme.space(3));
    }
    const QFont strong = theme.font(lines.second.isEmpty() ? TextStyle::Body : TextStyle::Strong);
    const QFontMetrics strongMetrics(strong);
    const int wanted = strongMetrics.horizontalAdvance(lines.first);
    const int icons = lines.marks.isEmpty() ? 0 : marksWidth(lines.marks, false) + theme.space(3);
    const int least = std::min(wanted + icons, room.width() * 2 / 3);
    int taken = 0; ///< of the first line
    const QFont small = theme.font(TextStyle::Small);
    const int width = QFontMetrics(small).horizontalAdvance(lines.trailing) + theme.space(1);
    // The first text is what is looked for: what stands at its end gives way to it.
    if (!lines.trailing.isEmpty() && least + width + theme.space(2) <= room.width()) {
        const int height = lines.second.isEmpty() ? room.height() : strongMetrics.height();
        const QRect end(room.right() - width, room.top(), width, height);
        painter->setFont(small);
        painter->setPen(theme.color(ColorToken::TextMuted));
        painter->drawText(
            mirrored(end),
            static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignRight) | Qt::AlignVCenter),
            lines.trailing);
        taken = width + theme.space(2);
    }

    QRect first = room.adjusted(0, 0, -taken, 0);
    if (!lines.second.isEmpty())
        first.setHeight(strongMetrics.height());
    if (!lines.marks.isEmpty()) {
        const int behind = first.left() + wanted + theme.space(2);
        const bool withWords = behind + marksWidth(lines.marks, true) <= first.right();
        const int left = std::min(behind, first.right() - marksWidth(lines.marks, false));
        paintMarks(*painter, option, QRect(QPoint(left, first.top()), first.bottomRight()), lines.marks,
                   withWords);
        first.setRight(left - theme.space(1));
    }
    painter->setFont(strong);
    painter->setPen(theme.color(lines.quiet ? ColorToken::TextMuted : ColorToken::Text));
    painter->drawText(mirrored(first), leading(Qt::AlignVCenter),
                      strongMetrics.elidedText(lines.first, Qt::ElideRight, first.width()));
    if (!lines.second.isEmpty()) {
        const QRect second(room.left(), first.bottom() + theme.px(2), room.width(),
                           QFontMetrics(small).height());
        painter->setFont(small);
        painter->setPen(theme.color(ColorToken::TextMuted));
        painter->drawText(mirrored(second), leading(Qt::AlignVCenter),
                          QFontMetrics(small).elidedText(lines.second, Qt::ElideRight, second.width()));
    }
    painter->restore();
}

bool TwoLineDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view,
                                const QStyleOptionViewItem& option, const QModelIndex& index)
{
    const QString words = marksText(linesOf(index).marks);
    if (event->type() != QEvent::ToolTip || words.isEmpty() ||
        !index.data(Qt::ToolTipRole).toString().isEmpty())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    QToolTip::showText(event->globalPos(), words, view, view->visualRect(index));
    return true;
}

} // namespace yarrow
