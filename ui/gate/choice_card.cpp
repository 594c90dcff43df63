// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gate/choice_card.h"

#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyle>

namespace yarrow {

namespace {

constexpr int kWidth = 400;
constexpr int kPadding = 16;
constexpr int kIcon = 28;

int inset()
{
    return Theme::current().px(2 * kPadding) + Theme::current().iconPx(kIcon);
}

} // namespace

ChoiceCard::ChoiceCard(const QString& icon, const QString& title, const QString& sentence,
                       const QString& name, QWidget* parent)
    : QAbstractButton(parent)
    , m_icon(Theme::icon(icon, ColorToken::Accent))
    , m_sentence(sentence)
{
    setText(title);
    setObjectName(name);
    setAccessibleName(title);
    setAccessibleDescription(sentence);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

int ChoiceCard::textHeight(int width) const
{
    const Theme& theme = Theme::current();
    const QRect room(0, 0, width - inset() - theme.px(kPadding), 10000);
    const QFontMetrics title(theme.font(TextStyle::Heading));
    const QFontMetrics body(theme.font(TextStyle::Body));
    return title.boundingRect(room, Qt::TextWordWrap, text()).height() + theme.space(1) +
           body.boundingRect(room, Qt::TextWordWrap, m_sentence).height();
}

QSize ChoiceCard::sizeHint() const
{
    const int width = Theme::current().px(kWidth);
    return {width, heightForWidth(width)};
}

int ChoiceCard::heightForWidth(int width) const
{
    return textHeight(width) + Theme::current().px(2 * kPadding);
}

void ChoiceCard::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool lit = underMouse() || isDown();
    const qreal border = hasFocus() ? 2.0 : 1.0;
    const QRectF box = QRectF(rect()).adjusted(border / 2, border / 2, -border / 2, -border / 2);
    painter.setPen(QPen(theme.color(hasFocus() ? ColorToken::Accent : ColorToken::LineStrong), border));
    painter.setBrush(theme.color(lit ? ColorToken::Hover : ColorToken::Surface));
    painter.drawRoundedRect(box, theme.px(8), theme.px(8));

    const int padding = theme.px(kPadding);
    const int side = theme.iconPx(kIcon);
    m_icon.paint(&painter,
                 QStyle::visualRect(layoutDirection(), rect(), QRect(padding, padding, side, side)));

    QRect room(inset(), padding, width() - inset() - padding, height() - 2 * padding);
    room = QStyle::visualRect(layoutDirection(), rect(), room);
    const int flags = Qt::TextWordWrap | Qt::AlignTop |
                      static_cast<int>(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft));
    painter.setPen(theme.color(ColorToken::Text));
    painter.setFont(theme.font(TextStyle::Heading));
    QRect used;
    painter.drawText(room, flags, text(), &used);
    room.setTop(used.bottom() + theme.space(1));
    painter.setPen(theme.color(ColorToken::TextMuted));
    painter.setFont(theme.font(TextStyle::Body));
    painter.drawText(room, flags, m_sentence);
}

void ChoiceCard::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

} // namespace yarrow
