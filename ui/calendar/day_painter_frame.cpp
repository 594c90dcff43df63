// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/day_painter.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/widgets/texts.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QPainter>

#include <cmath>

// Everything around the cards: gutter, heads, the present; and how lines of text and icons are drawn.

namespace yarrow {
namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(DayPainter)
};

} // namespace

void DayPainter::paintGutter()
{
    const QRectF gutter = m_geometry->gutterRect();
    if (!gutter.intersects(m_exposed))
        return;
    m_painter->save();
    m_painter->setClipRect(gutter, Qt::IntersectClip);
    m_painter->fillRect(gutter, m_inks.window);
    const double step = m_geometry->pixelsPerMinute * static_cast<double>(m_marks->grid.count());
    const double small = metrics(Face::Small).height();
    const int pad = Theme::current().space(2);
    bool isPresent = false;
    const int today = presentColumn(isPresent);
    const DayAxis& presentAxis =
        today < 0 ? m_model->axis() : m_model->columns()[static_cast<std::size_t>(today)].axis;
    const double present = m_geometry->yAt(presentAxis.minutesAt(m_marks->now));
    double takenTo = 0; // by the line under an hour that comes twice
    for (const auto& tick : m_ticks) {
        const double y = std::round(m_geometry->yAt(m_model->axis().minutesAt(tick.at)));
        if (y < m_exposed.top() - 3 * small || y > m_exposed.bottom() + small)
            continue;
        if (!tick.hour && (step < small || y + 2 < takenTo))
            continue;
        m_painter->setPen(QPen(tick.hour ? m_inks.line : m_inks.fineLine, 1));
        if (tick.hour)
            m_painter->drawLine(QPointF(gutter.left(), y), QPointF(gutter.right(), y));
        const Face face = tick.hour ? Face::Strong : Face::Small;
        const double height = metrics(face).height();
        const QString text = tick.hour ? timeText(tick.local) : tick.local.toString(QStringLiteral("mm"));
        QRectF line(gutter.left() + pad, y + 2, gutter.width() - 2 * pad, height);
        if (isPresent && std::abs(line.center().y() - present) < height)
            continue; // the present's own label stands there
        line =
            takeTrailing(line, std::min(line.width(), std::ceil(metrics(face).horizontalAdvance(text)) + 1));
        drawLine(face, text, line, tick.hour ? m_inks.text : m_inks.muted);
        if (tick.hour && tick.ambiguous) {
            takenTo = y + 2 + height + small;
            const auto moment = QDateTime::fromMSecsSinceEpoch(tick.at.time_since_epoch().count(), Qt::UTC);
            drawLine(Face::Small, m_model->axis().zone().abbreviation(moment),
                     QRectF(gutter.left() + pad, y + 2 + height, gutter.width() - 2 * pad, small),
                     m_inks.muted);
        }
    }
    m_painter->setPen(QPen(m_inks.line, 1));
    const double edge = m_geometry->rightToLeft ? gutter.left() : gutter.right() - 1;
    m_painter->drawLine(QPointF(edge, gutter.top()), QPointF(edge, gutter.bottom()));
    m_painter->restore();
}

void DayPainter::paintHead(const ScheduleColumn& column, int index)
{
    const QRectF head = m_geometry->headRect(index);
    const QRectF body = m_geometry->bodyRect();
    if (!head.intersects(m_exposed))
        return;
    m_painter->save();
    m_painter->setClipRect(QRectF(body.left(), 0, body.width(), m_geometry->head), Qt::IntersectClip);
    m_painter->fillRect(head, m_inks.surface);
    const bool isCurrent = index == m_marks->cursorColumn;
    m_painter->setPen(QPen(m_inks.line, 1));
    const double edge = m_geometry->rightToLeft ? head.left() : head.right() - 1;
    m_painter->drawLine(QPointF(edge, head.top()), QPointF(edge, head.bottom()));
    const int pad = Theme::current().space(2);
    const double width = head.width() - 2 * pad;
    double y = head.top() + pad;
    const auto line = [&](Face face, const QString& text, const QColor& ink) {
        const double height = metrics(face).height();
        drawLine(face, text, QRectF(head.left() + pad, y, width, height), ink);
        y += height;
    };
    const bool isNobody = column.key.isNobody();
    bool isPresent = false;
    const bool isToday = m_model->isWeek() && presentColumn(isPresent) == index;
    line(Face::Strong, columnText(*m_model, column), isToday ? m_inks.accent : m_inks.text);
    line(Face::Small, m_model->isWeek() ? column.name : column.detail, m_inks.muted);
    if (isNobody) {
        line(Face::Small, Texts::tr("%1 booked").arg(column.visits), m_inks.muted);
    } else if (column.working.empty()) {
        line(Face::Small, Texts::tr("Not working this day"), m_inks.muted);
    } else {
        line(Face::Small,
             column.nextFree ? Texts::tr("%1 booked · free %2", "count, next free time")
                                   .arg(column.visits)
                                   .arg(timeText(column.axis, *column.nextFree))
                             : Texts::tr("%1 booked").arg(column.visits),
             m_inks.muted);
    }
    m_painter->fillRect(
        QRectF(head.left(), head.bottom() - (isCurrent ? 2 : 1), head.width(), isCurrent ? 2 : 1),
        isCurrent ? m_inks.accent : m_inks.line);
    m_painter->restore();
}

void DayPainter::paintCorner()
{
    const QRectF corner = m_geometry->cornerRect();
    if (!corner.intersects(m_exposed))
        return;
    m_painter->fillRect(corner, m_inks.surface);
    m_painter->fillRect(QRectF(corner.left(), corner.bottom() - 1, corner.width(), 1), m_inks.line);
    // Which clock this is, for those who look at a clinic from elsewhere or on a day when the clocks change.
    const auto& visible = m_model->axis().visible();
    const auto moment = QDateTime::fromMSecsSinceEpoch(visible.start.time_since_epoch().count(), Qt::UTC);
    const int pad = Theme::current().space(2);
    const double height = metrics(Face::Small).height();
    const QString zone = m_model->axis().zone().abbreviation(moment);
    QRectF line(corner.left() + pad, corner.bottom() - pad - height, corner.width() - 2 * pad, height);
    line = takeTrailing(line,
                        std::min(line.width(), std::ceil(metrics(Face::Small).horizontalAdvance(zone)) + 1));
    drawLine(Face::Small, zone, line, m_inks.muted);
}

int DayPainter::presentColumn(bool& present) const
{
    const auto& columns = m_model->columns();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const TimeRange& visible = columns[i].axis.visible();
        if (m_marks->now < visible.start || m_marks->now >= visible.end)
            continue;
        present = true;
        return m_model->isWeek() ? static_cast<int>(i) : -1;
    }
    present = false;
    return -1;
}

void DayPainter::paintNowLine(bool overCards)
{
    bool isPresent = false;
    const int today = presentColumn(isPresent);
    if (!isPresent)
        return;
    const DayAxis& axis =
        today < 0 ? m_model->axis() : m_model->columns()[static_cast<std::size_t>(today)].axis;
    const double y = std::round(m_geometry->yAt(axis.minutesAt(m_marks->now)));
    const QRectF whole = m_geometry->bodyRect();
    if (y < whole.top() || y > whole.bottom())
        return;
    const QRectF body = today < 0 ? whole : m_geometry->columnRect(today).intersected(whole);
    m_painter->setRenderHint(QPainter::Antialiasing, false);
    QColor ink = m_inks.bad;
    if (overCards)
        ink.setAlphaF(0.35F);
    m_painter->fillRect(QRectF(body.left(), y - 1, body.width(), overCards ? 1 : 2), ink);
    if (!overCards)
        return;
    const QRectF gutter = m_geometry->gutterRect();
    const QString text = timeText(axis.localTime(m_marks->now));
    const double height = metrics(Face::Small).height() + 2;
    const double width = metrics(Face::Small).horizontalAdvance(text) + 10;
    QRectF pill(gutter.left(), std::max(y - height / 2, gutter.top()), gutter.width(), height);
    pill = takeTrailing(pill, std::min(width, pill.width()));
    m_painter->setRenderHint(QPainter::Antialiasing, true);
    m_painter->setPen(Qt::NoPen);
    m_painter->setBrush(m_inks.bad);
    m_painter->drawRoundedRect(pill, 4, 4);
    drawLine(Face::Small, text, pill.adjusted(5, 1, -4, -1), m_inks.onAccent);
}

double DayPainter::drawLine(Face face, const QString& text, const QRectF& rect, const QColor& ink)
{
    if (text.isEmpty() || rect.width() < 4)
        return 0;
    const TextKey key{text, static_cast<int>(rect.width()), face};
    auto laid = m_texts.find(key);
    if (laid == m_texts.end()) {
        const QString cut = metrics(face).elidedText(text, Qt::ElideRight, rect.width());
        LaidOut fresh{QStaticText(cut), 0};
        fresh.text.setTextFormat(Qt::PlainText);
        fresh.text.setPerformanceHint(QStaticText::AggressiveCaching);
        QTextOption option;
        option.setWrapMode(QTextOption::NoWrap);
        option.setTextDirection(m_geometry->rightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
        fresh.text.setTextOption(option);
        fresh.text.prepare({}, font(face));
        fresh.width = std::min(rect.width(), fresh.text.size().width());
        laid = m_texts.insert(key, fresh);
    }
    m_painter->setFont(font(face));
    m_painter->setPen(ink);
    const double x = m_geometry->rightToLeft ? rect.right() - laid->width : rect.left();
    m_painter->drawStaticText(QPointF(x, rect.top()), laid->text);
    return laid->width;
}

void DayPainter::drawIcon(const QString& name, ColorToken token, const QRectF& rect)
{
    const double ratio = m_painter->device()->devicePixelRatioF();
    const QString key =
        QStringLiteral("%1/%2/%3/%4").arg(name).arg(static_cast<int>(token)).arg(rect.width()).arg(ratio);
    auto found = m_icons.find(key);
    if (found == m_icons.end())
        found = m_icons.insert(key, Theme::icon(name, token).pixmap(rect.size().toSize(), ratio));
    m_painter->drawPixmap(rect.topLeft(), *found);
}

QRectF DayPainter::rowRect(const QRectF& rect, double top, double height) const
{
    return {rect.left(), std::round(top), rect.width(), height};
}

QRectF DayPainter::takeLeading(QRectF& rect, double width) const
{
    QRectF taken = rect;
    if (m_geometry->rightToLeft) {
        taken.setLeft(rect.right() - width);
        rect.setRight(taken.left());
    } else {
        taken.setRight(rect.left() + width);
        rect.setLeft(taken.right());
    }
    return taken;
}

QRectF DayPainter::takeTrailing(QRectF& rect, double width) const
{
    QRectF taken = rect;
    if (m_geometry->rightToLeft) {
        taken.setRight(rect.left() + width);
        rect.setLeft(taken.right());
    } else {
        taken.setLeft(rect.right() - width);
        rect.setRight(taken.left());
    }
    return taken;
}

} // namespace yarrow
