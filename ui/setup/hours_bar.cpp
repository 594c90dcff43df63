// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/hours_bar.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyle>

namespace yarrow {

namespace {

constexpr double kMinutes = 24 * 60;
constexpr int kTickEvery = 6; ///< hours

} // namespace

HoursBar::HoursBar(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void HoursBar::setRanges(std::vector<LocalRange> ranges, bool borrowed)
{
    m_ranges = std::move(ranges);
    m_borrowed = borrowed;
    update();
}

QSize HoursBar::sizeHint() const
{
    return {Theme::current().px(220), Theme::current().px(20)};
}

QSize HoursBar::minimumSizeHint() const
{
    return {Theme::current().px(80), Theme::current().px(20)};
}

void HoursBar::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const double radius = theme.px(4);
    const QRectF track = QRectF(rect()).adjusted(0, 1, 0, -1);
    painter.setBrush(theme.color(ColorToken::SurfaceSunken));
    painter.drawRoundedRect(track, radius, radius);
    painter.setPen(theme.color(ColorToken::Line));
    for (int hour = kTickEvery; hour < 24; hour += kTickEvery) {
        const double x = track.width() * hour * 60 / kMinutes;
        painter.drawLine(QPointF(x, track.top()), QPointF(x, track.bottom()));
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(m_borrowed ? ColorToken::LineStrong : ColorToken::Accent));
    for (const LocalRange& range : m_ranges) {
        const double from = range.from.msecsSinceStartOfDay() / 60'000.0;
        const double until =
            range.until == QTime(0, 0) ? kMinutes : range.until.msecsSinceStartOfDay() / 60'000.0;
        const QRect bar(static_cast<int>(track.width() * from / kMinutes), rect().top() + theme.px(4),
                        static_cast<int>(track.width() * (until - from) / kMinutes),
                        rect().height() - 2 * theme.px(4));
        painter.drawRoundedRect(QStyle::visualRect(layoutDirection(), rect(), bar), radius / 2, radius / 2);
    }
}

} // namespace yarrow
