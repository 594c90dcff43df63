// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/day_view.h"

#include "ui/calendar/calendar_texts.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>

namespace yarrow {
namespace {

constexpr double kEdge = 6; ///< how near the lower edge of a card the pointer takes hold of it
constexpr int kAutoScrollEvery = 30;
constexpr int kAutoScrollStep = 12;

} // namespace

DayView::Hit DayView::hitAt(QPointF position) const
{
    Hit hit;
    if (!m_geometry.bodyRect().contains(position))
        return hit;
    hit.column = m_geometry.columnAt(position.x());
    const DayAxis& axis = axisOf(hit.column);
    hit.at = std::clamp(axis.instantAt(m_geometry.minuteAt(position.y())), axis.visible().start,
                        axis.visible().end - std::chrono::milliseconds(1));
    if (hit.column < 0)
        return hit;
    const auto& entries = column(hit.column).entries;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const Appointment& appointment = entries[i].row.appointment;
        const QRectF rect = m_geometry.cardRect(hit.column, axis.minutesAt(appointment.start),
                                                axis.minutesAt(appointment.end), entries[i].place);
        if (!rect.adjusted(0, -1, 0, 1).contains(position))
            continue;
        hit.entry = static_cast<int>(i);
        hit.atEdge = rect.bottom() - position.y() <= std::min(kEdge, rect.height() / 3);
    }
    return hit;
}

void DayView::mousePressEvent(QMouseEvent* event)
{
    const Hit hit = hitAt(event->position());
    if (hit.column < 0 || (event->button() != Qt::LeftButton && event->button() != Qt::RightButton))
        return;
    if (hit.entry >= 0)
        chooseEntry(hit.column, hit.entry);
    else
        setCellAt(hit.column, axisOf(hit.column).snappedDown(hit.at, m_grid));
    if (event->button() != Qt::LeftButton)
        return;
    m_pressed = hit;
    m_pressedAt = event->position();
    m_drag = Drag::Pressed;
    if (hit.entry >= 0) {
        m_marks.dragged = m_marks.selected;
        m_grip = hit.at - selected()->row.appointment.start;
    }
}

void DayView::mouseMoveEvent(QMouseEvent* event)
{
    if (m_drag == Drag::None) {
        updateHover(event->position());
        return;
    }
    if (m_drag == Drag::Pressed) {
        if ((event->position() - m_pressedAt).manhattanLength() < QApplication::startDragDistance())
            return;
        m_drag = m_pressed.entry < 0 ? Drag::Ranging : (m_pressed.atEdge ? Drag::Resizing : Drag::Moving);
        m_autoScroll.start(kAutoScrollEvery, this);
        viewport()->setCursor(m_drag == Drag::Moving ? Qt::ClosedHandCursor : Qt::SizeVerCursor);
    }
    dragTo(event->position());
}

void DayView::dragTo(QPointF position)
{
    m_dragPosition = position;
    const QRectF body = m_geometry.bodyRect();
    const QPointF inside(std::clamp(position.x(), body.left() + 1, body.right() - 2),
                         std::clamp(position.y(), body.top() + 1, body.bottom() - 2));
    int target = m_pressed.column;
    if (m_drag == Drag::Moving)
        if (const int over = m_geometry.columnAt(inside.x()); over >= 0 && !column(over).key.isNobody())
            target = over;
    const DayAxis& axis = axisOf(target);
    const Instant at = axis.instantAt(m_geometry.minuteAt(inside.y()));
    if (m_drag == Drag::Ranging) {
        const Instant anchor = axis.snappedDown(m_pressed.at, m_grid);
        const Instant other = axis.snappedDown(at, m_grid);
        m_marks.rangeColumn = m_pressed.column;
        m_marks.range = TimeRange{std::min(anchor, other), std::max(anchor, other) + m_grid};
        viewport()->update();
        return;
    }
    const ScheduleEntry* entry = m_model.entry(m_marks.dragged);
    if (!entry) {
        // It went away under the hand: somebody else cancelled it.
        finishDrag(false);
        return;
    }
    ScheduleEntry ghost = *entry;
    Appointment& wished = ghost.row.appointment;
    if (m_drag == Drag::Moving) {
        const auto length = wished.end - wished.start;
        const TimeRange day = localDay(axis.day(), axis.zone());
        wished.start =
            std::clamp(axis.snapped(at - m_grip, m_grid), day.start, std::max(day.start, day.end - length));
        wished.end = wished.start + length;
        m_marks.ghostColumn = target;
        m_model.assign(column(target).key, wished);
    } else {
        wished.end = std::max(axis.snapped(at, m_grid), axis.snappedDown(wished.start, m_grid) + m_grid);
        m_marks.ghostColumn = m_pressed.column;
    }
    m_marks.ghost = ghost;
    viewport()->update();
}

void DayView::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && m_drag != Drag::None)
        finishDrag(true);
}

void DayView::finishDrag(bool commit)
{
    const Drag drag = std::exchange(m_drag, Drag::None);
    const auto ghost = std::exchange(m_marks.ghost, std::nullopt);
    const auto range = std::exchange(m_marks.range, std::nullopt);
    const AppointmentId dragged = std::exchange(m_marks.dragged, {});
    m_autoScroll.stop();
    viewport()->unsetCursor();
    viewport()->update();
    if (!commit)
        return;
    if (drag == Drag::Ranging && range) {
        setCellAt(m_marks.rangeColumn, range->start);
        m_marks.cursor = *range;
        Q_EMIT bookRequested(cell(), {}, true);
        return;
    }
    const ScheduleEntry* entry = m_model.entry(dragged);
    if (!ghost || !entry)
        return;
    const Appointment& wished = ghost->row.appointment;
    const Appointment& present = entry->row.appointment;
    if (drag == Drag::Moving && wished != present)
        Q_EMIT moveRequested(dragged, column(m_marks.ghostColumn).key, wished.start);
    else if (drag == Drag::Resizing && wished.end != present.end)
        Q_EMIT resizeRequested(dragged, wished.end);
}

void DayView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const Hit hit = hitAt(event->position());
    if (event->button() != Qt::LeftButton || hit.column < 0)
        return;
    if (hit.entry >= 0) {
        chooseEntry(hit.column, hit.entry);
        Q_EMIT openRequested(m_marks.selected);
    } else {
        land(hit.column, hit.at);
        Q_EMIT bookRequested(cell(), {}, false);
    }
}

void DayView::updateHover(QPointF position)
{
    const Hit hit = hitAt(position);
    if (hit.entry < 0)
        viewport()->unsetCursor();
    else
        viewport()->setCursor(hit.atEdge ? Qt::SizeVerCursor : Qt::PointingHandCursor);
}

void DayView::wheelEvent(QWheelEvent* event)
{
    if (!(event->modifiers() & Qt::ControlModifier)) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    if (event->angleDelta().y() != 0)
        zoom(event->angleDelta().y() > 0 ? 1 : -1);
    event->accept();
}

void DayView::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->reason() != QContextMenuEvent::Keyboard) {
        Q_EMIT menuRequested(event->globalPos());
        return;
    }
    const QRect rect = selected() ? rectOf(m_marks.selected) : rectOfCell();
    Q_EMIT menuRequested(viewport()->mapToGlobal(rect.center()));
}

void DayView::timerEvent(QTimerEvent* event)
{
    if (event->timerId() != m_autoScroll.timerId()) {
        QAbstractScrollArea::timerEvent(event);
        return;
    }
    const QRectF body = m_geometry.bodyRect();
    auto* vertical = verticalScrollBar();
    auto* horizontal = horizontalScrollBar();
    const QPoint before(horizontal->value(), vertical->value());
    if (m_dragPosition.y() < body.top() + kEdge)
        vertical->setValue(vertical->value() - kAutoScrollStep);
    else if (m_dragPosition.y() > body.bottom() - kEdge)
        vertical->setValue(vertical->value() + kAutoScrollStep);
    const int forward = isRightToLeft() ? -1 : 1;
    if (m_dragPosition.x() < body.left() + kEdge)
        horizontal->setValue(horizontal->value() - forward * kAutoScrollStep);
    else if (m_dragPosition.x() > body.right() - kEdge)
        horizontal->setValue(horizontal->value() + forward * kAutoScrollStep);
    if (before != QPoint(horizontal->value(), vertical->value()))
        dragTo(m_dragPosition);
}

bool DayView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        toolTipAt(help->pos(), help->globalPos());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void DayView::toolTipAt(QPoint position, QPoint global)
{
    const Hit hit = hitAt(position);
    if (hit.entry < 0) {
        QToolTip::hideText();
        return;
    }
    const ScheduleEntry& entry = column(hit.column).entries[static_cast<std::size_t>(hit.entry)];
    const QString html =
        toolTipText(axisOf(hit.column), entry.row).toHtmlEscaped().replace(u'\n', QStringLiteral("<br>"));
    QToolTip::showText(global, QStringLiteral("<p style='white-space:pre'>%1</p>").arg(html), viewport(),
                       rectOf(entry.row.appointment.id));
}

} // namespace yarrow
