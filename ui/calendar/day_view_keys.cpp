// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/day_view.h"
#include "ui/calendar/status_look.h"

#include <QKeyEvent>

#include <algorithm>

namespace yarrow {

/// Comes to a time in a column: selects the appointment that is going on then, or the free cell.
void DayView::land(int index, Instant at)
{
    const auto& entries = column(index).entries;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const Appointment& appointment = entries[i].row.appointment;
        if (appointment.start <= at && at < appointment.end) {
            chooseEntry(index, static_cast<int>(i));
            return;
        }
    }
    // The cell begins on the grid, or where the appointment before it ends.
    Instant start = axisOf(index).snappedDown(at, m_grid);
    for (const ScheduleEntry& entry : entries)
        if (entry.row.appointment.end <= at)
            start = std::max(start, entry.row.appointment.end);
    setCellAt(index, std::max(start, axisOf(index).visible().start));
}

void DayView::walk(int direction)
{
    if (m_marks.cursorColumn < 0)
        return;
    const TimeRange& visible = axisOf(m_marks.cursorColumn).visible();
    const Instant target =
        direction > 0 ? m_marks.cursor.end : m_marks.cursor.start - std::chrono::milliseconds(1);
    if (target < visible.start || target >= visible.end)
        return;
    // Out of a group that stands side by side: those that begin later have their turn first.
    if (const ScheduleEntry* now = selected(); now && direction > 0) {
        const auto& entries = column(m_marks.cursorColumn).entries;
        const auto next = std::find_if(entries.begin(), entries.end(), [now](const ScheduleEntry& entry) {
            const Instant start = entry.row.appointment.start;
            return start > now->row.appointment.start && start < now->row.appointment.end;
        });
        if (next != entries.end()) {
            chooseEntry(m_marks.cursorColumn, static_cast<int>(next - entries.begin()));
            showSelection();
            return;
        }
    }
    land(m_marks.cursorColumn, target);
    showSelection();
}

void DayView::walkSideways(int direction)
{
    if (m_marks.cursorColumn < 0)
        return;
    const auto& entries = column(m_marks.cursorColumn).entries;
    if (const ScheduleEntry* now = selected(); now && now->place.lanes > 1) {
        const ScheduleEntry* beside = nullptr;
        for (const ScheduleEntry& entry : entries) {
            const Appointment& a = entry.row.appointment;
            const bool overlaps = a.start < now->row.appointment.end && now->row.appointment.start < a.end;
            const int distance = (entry.place.lane - now->place.lane) * direction;
            if (overlaps && distance > 0 &&
                (!beside || distance < (beside->place.lane - now->place.lane) * direction))
                beside = &entry;
        }
        if (beside) {
            chooseEntry(m_marks.cursorColumn, static_cast<int>(beside - entries.data()));
            showSelection();
            return;
        }
    }
    const int next = m_marks.cursorColumn + direction;
    if (next < 0 || next >= static_cast<int>(columns().size()))
        return;
    land(next, inColumn(next, m_marks.cursor.start));
    showSelection();
}

void DayView::extendCell(int direction)
{
    if (m_marks.cursorColumn < 0)
        return;
    const DayAxis& axis = axisOf(m_marks.cursorColumn);
    const Instant end = axis.snapped(m_marks.cursor.end + direction * m_grid, m_grid);
    if (end <= m_marks.cursor.start || end > axis.visible().end)
        return;
    m_marks.cursor.end = end;
    showSelection();
    viewport()->update();
    announceSelection();
}

void DayView::moveSelected(int direction)
{
    const Appointment& appointment = selected()->row.appointment;
    const DayAxis& axis = axisOf(m_marks.cursorColumn);
    const Instant below = axis.snappedDown(appointment.start, m_grid);
    const bool onGrid = below == appointment.start;
    const Instant start = direction > 0 ? below + m_grid : (onGrid ? below - m_grid : below);
    const TimeRange day = localDay(axis.day(), axis.zone());
    if (start >= day.start && start < day.end)
        Q_EMIT moveRequested(appointment.id, column(m_marks.cursorColumn).key, start);
    showSelection();
}

void DayView::moveSelectedSideways(int direction)
{
    const int next = m_marks.cursorColumn + direction;
    if (next < 0 || next >= static_cast<int>(columns().size()) || column(next).key.isNobody())
        return;
    Q_EMIT moveRequested(m_marks.selected, column(next).key,
                         inColumn(next, selected()->row.appointment.start));
    showSelection();
}

void DayView::resizeSelected(int direction)
{
    const Appointment& appointment = selected()->row.appointment;
    const Instant below = axisOf(m_marks.cursorColumn).snappedDown(appointment.end, m_grid);
    const bool onGrid = below == appointment.end;
    const Instant end = direction > 0 ? below + m_grid : (onGrid ? below - m_grid : below);
    if (end > appointment.start)
        Q_EMIT resizeRequested(appointment.id, end);
    showSelection();
}

bool DayView::selectedKey(QKeyEvent* event)
{
    const AppointmentId id = m_marks.selected;
    if (const auto status = statusOfKey(event->key())) {
        Q_EMIT statusRequested(id, *status);
        return true;
    }
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        Q_EMIT openRequested(id);
        return true;
    case Qt::Key_Delete:
        Q_EMIT cancelRequested(id);
        return true;
    case Qt::Key_T:
        Q_EMIT dayRequested(0);
        return true;
    default:
        return false;
    }
}

bool DayView::cellKey(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        Q_EMIT bookRequested(cell(), {}, m_marks.cursor.end - m_marks.cursor.start > m_grid);
        return true;
    }
    const QString typed = event->text();
    if (typed.isEmpty() || !typed.front().isLetterOrNumber())
        return false;
    Q_EMIT bookRequested(cell(), typed, m_marks.cursor.end - m_marks.cursor.start > m_grid);
    return true;
}

void DayView::keyPressEvent(QKeyEvent* event)
{
    const Qt::KeyboardModifiers modifiers = event->modifiers() & ~Qt::KeypadModifier;
    const bool plain = modifiers == Qt::NoModifier;
    const bool control = modifiers == Qt::ControlModifier;
    const bool shift = modifiers == Qt::ShiftModifier;
    const int forward = isRightToLeft() ? -1 : 1;
    if (event->key() == Qt::Key_Escape && m_drag != Drag::None) {
        finishDrag(false);
        return;
    }
    const auto arrow = [&](int down, int sideways) {
        if (plain)
            down != 0 ? walk(down) : walkSideways(sideways);
        else if (control && selected())
            down != 0 ? moveSelected(down) : moveSelectedSideways(sideways);
        else if (shift && down != 0)
            selected() ? resizeSelected(down) : extendCell(down);
    };
    switch (event->key()) {
    case Qt::Key_Down:
        return arrow(1, 0);
    case Qt::Key_Up:
        return arrow(-1, 0);
    case Qt::Key_Right:
        return arrow(0, forward);
    case Qt::Key_Left:
        return arrow(0, -forward);
    case Qt::Key_PageDown:
        Q_EMIT dayRequested(1);
        return;
    case Qt::Key_PageUp:
        Q_EMIT dayRequested(-1);
        return;
    case Qt::Key_Home:
        Q_EMIT dayRequested(0);
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        if (control || modifiers == (Qt::ControlModifier | Qt::ShiftModifier))
            return zoom(1);
        break;
    case Qt::Key_Minus:
        if (control)
            return zoom(-1);
        break;
    default:
        break;
    }
    const bool taken = selected() ? plain && selectedKey(event)
                                  : (plain || shift) && m_marks.cursorColumn >= 0 && cellKey(event);
    if (!taken)
        event->ignore();
}

} // namespace yarrow
