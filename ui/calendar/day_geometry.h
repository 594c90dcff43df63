// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/lanes.h"

#include <QPoint>
#include <QRectF>
#include <QSize>

namespace yarrow {

/// Where things of the day view stand, in pixels of its viewport: a gutter with times at the leading side, a
/// head above, columns beside each other. Time runs downwards in minutes from the top of the day shown. Right
/// to left, everything is mirrored.
struct DayGeometry
{
    QSize viewport;
    int gutter = 0;
    int head = 0;
    int columns = 0;
    double columnWidth = 0;
    double pixelsPerMinute = 1;
    double minutes = 0; ///< length of the day shown
    QPoint scroll;      ///< how far the body is scrolled: x from the leading side, y from the top
    bool rightToLeft = false;

    [[nodiscard]] QSizeF contentSize() const; ///< of the body, without gutter and head
    [[nodiscard]] QRectF bodyRect() const;
    [[nodiscard]] QRectF gutterRect() const;
    [[nodiscard]] QRectF cornerRect() const;
    [[nodiscard]] QRectF headRect(int column) const;
    /// The column's part of the body, top to bottom of the day, scrolled.
    [[nodiscard]] QRectF columnRect(int column) const;
    [[nodiscard]] double yAt(double minute) const;
    [[nodiscard]] double minuteAt(double y) const;
    /// -1 beside the columns.
    [[nodiscard]] int columnAt(double x) const;
    /// A stretch of time in a column, its whole width.
    [[nodiscard]] QRectF spanRect(int column, double fromMinute, double toMinute) const;
    /// A card: in its lanes, with room left beside it for clicking into the column, never too flat to be
    /// seen.
    [[nodiscard]] QRectF cardRect(int column, double fromMinute, double toMinute,
                                  const LanePlace& place) const;
    [[nodiscard]] QRectF mirrored(const QRectF& rect) const;
};

} // namespace yarrow
