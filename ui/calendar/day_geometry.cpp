// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/day_geometry.h"

#include <algorithm>
#include <cmath>

namespace yarrow {
namespace {

constexpr double kLeadingGap = 3;
constexpr double kLeastTrailingGap = 5;
constexpr double kLaneGap = 2;
constexpr double kLeastCardHeight = 8;

} // namespace

QSizeF DayGeometry::contentSize() const
{
    return {columnWidth * columns, minutes * pixelsPerMinute};
}

QRectF DayGeometry::mirrored(const QRectF& rect) const
{
    if (!rightToLeft)
        return rect;
    return {viewport.width() - rect.x() - rect.width(), rect.y(), rect.width(), rect.height()};
}

QRectF DayGeometry::bodyRect() const
{
    return mirrored(
        {double(gutter), double(head), double(viewport.width() - gutter), double(viewport.height() - head)});
}

QRectF DayGeometry::gutterRect() const
{
    return mirrored({0, double(head), double(gutter), double(viewport.height() - head)});
}

QRectF DayGeometry::cornerRect() const
{
    return mirrored({0, 0, double(gutter), double(head)});
}

QRectF DayGeometry::headRect(int column) const
{
    const double left = std::round(column * columnWidth);
    const double right = std::round((column + 1) * columnWidth);
    return mirrored({gutter + left - scroll.x(), 0, right - left, double(head)});
}

QRectF DayGeometry::columnRect(int column) const
{
    QRectF rect = headRect(column);
    rect.moveTop(yAt(0));
    rect.setHeight(minutes * pixelsPerMinute);
    return rect;
}

double DayGeometry::yAt(double minute) const
{
    return head + minute * pixelsPerMinute - scroll.y();
}

double DayGeometry::minuteAt(double y) const
{
    return (y - head + scroll.y()) / pixelsPerMinute;
}

int DayGeometry::columnAt(double x) const
{
    const double fromLeading = (rightToLeft ? viewport.width() - x : x) - gutter;
    if (fromLeading < 0 || columnWidth <= 0)
        return -1;
    const int column = static_cast<int>((fromLeading + scroll.x()) / columnWidth);
    return column < columns ? column : -1;
}

QRectF DayGeometry::spanRect(int column, double fromMinute, double toMinute) const
{
    QRectF rect = headRect(column);
    const double top = std::round(yAt(fromMinute));
    rect.setTop(top);
    rect.setBottom(std::round(yAt(toMinute)));
    return rect;
}

QRectF DayGeometry::cardRect(int column, double fromMinute, double toMinute, const LanePlace& place) const
{
    const double trailing = std::clamp(columnWidth * 0.05, kLeastTrailingGap, 12.0);
    const double room = columnWidth - kLeadingGap - trailing;
    const double lane = room / place.lanes;
    const double left =
        gutter + std::round(column * columnWidth) - scroll.x() + kLeadingGap + place.lane * lane;
    const double width = lane * place.span - (place.lane + place.span < place.lanes ? kLaneGap : 0);
    const double top = std::round(yAt(fromMinute)) + 1;
    const double height = std::max(kLeastCardHeight, std::round(yAt(toMinute)) - top - 1);
    return mirrored({std::round(left), top, std::round(width), height});
}

} // namespace yarrow
