// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/strength_bar.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace yarrow {

namespace {

constexpr int kBars = 4;
constexpr qsizetype kGoodLength = 16;
constexpr qsizetype kStrongLength = 20;

} // namespace

StrengthBar::StrengthBar(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void StrengthBar::setPassword(qsizetype length, bool accepted)
{
    m_steps = length == 0 ? 0 : !accepted ? 1 : length < kGoodLength ? 2 : length < kStrongLength ? 3 : 4;
    setAccessibleName(words());
    update();
}

QString StrengthBar::words() const
{
    switch (m_steps) {
    case 1:
        return tr("Not accepted yet");
    case 2:
        return tr("Accepted");
    case 3:
        return tr("Good");
    case 4:
        return tr("Strong");
    default:
        return {};
    }
}

QSize StrengthBar::sizeHint() const
{
    return {Theme::current().px(120), Theme::current().px(4)};
}

void StrengthBar::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const ColorToken ink = m_steps <= 1   ? ColorToken::Bad
                           : m_steps == 2 ? ColorToken::Warn
                                          : ColorToken::Good;
    const qreal gap = theme.space(1);
    const qreal length = (width() - gap * (kBars - 1)) / kBars;
    for (int i = 0; i < kBars; ++i) {
        const int place = layoutDirection() == Qt::RightToLeft ? kBars - 1 - i : i;
        painter.setBrush(theme.color(i < m_steps ? ink : ColorToken::Line));
        painter.drawRoundedRect(QRectF(place * (length + gap), 0, length, height()), 2, 2);
    }
}

} // namespace yarrow
