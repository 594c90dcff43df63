// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/day_schedule_model.h"
#include "ui/calendar/day_geometry.h"
#include "ui/calendar/day_painter.h"

#include <QAbstractScrollArea>
#include <QBasicTimer>

namespace yarrow {

/// A free place on the calendar.
struct CalendarCell
{
    PractitionerId practitioner; ///< empty in the column of those without one
    TimeRange when;
    LocationId room;
    DeviceId device;
    bool operator==(const CalendarCell&) const = default;
};

/// The day as columns of practitioners, rooms or devices, or a week as columns of days, painted by itself.
/// Either an appointment is selected or a free cell is; both move with the arrow keys. The view only says
/// what the user wishes: it changes no appointment.
class DayView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit DayView(DayScheduleModel& model, QWidget* parent = nullptr);
    ~DayView() override;

    [[nodiscard]] const DayScheduleModel& model() const noexcept { return m_model; }
    [[nodiscard]] DayGeometry geometryOfDay() const; ///< where everything stands now, in viewport coordinates
    [[nodiscard]] std::chrono::minutes grid() const noexcept { return m_grid; }
    void setGrid(std::chrono::minutes grid); ///< 5, 10, 15, 20, 30 or 60
    void zoom(int steps);                    ///< finer when positive

    /// The selected appointment; nullptr when a cell is selected.
    [[nodiscard]] const ScheduleEntry* selected() const;
    [[nodiscard]] CalendarCell cell() const;
    [[nodiscard]] int cursorColumn() const noexcept { return m_marks.cursorColumn; } ///< -1: none
    void select(const AppointmentId& id);
    void selectCell(const PractitionerId& practitioner, Instant at);
    /// Selects the cell of the present, or the first one of the day's work, and scrolls there.
    void goToNow();
    void setNow(Instant now);

    [[nodiscard]] QRect
    rectOf(const AppointmentId& id) const; ///< in viewport coordinates; empty when not shown
    [[nodiscard]] QRect rectOfCell() const;

Q_SIGNALS:
    void selectionChanged();
    void gridChanged();
    void openRequested(const yarrow::AppointmentId& id);
    /// `typed`: what was typed on the cell, the beginning of a name. `exact`: the range was drawn, its length
    /// is meant.
    void bookRequested(const yarrow::CalendarCell& cell, const QString& typed, bool exact);
    void moveRequested(const yarrow::AppointmentId& id, const yarrow::ColumnKey& column, Instant start);
    void resizeRequested(const yarrow::AppointmentId& id, Instant end);
    void statusRequested(const yarrow::AppointmentId& id, yarrow::AppointmentStatus status);
    void cancelRequested(const yarrow::AppointmentId& id);
    void dayRequested(int step); ///< days ahead, or back; 0 is today
    void menuRequested(QPoint global);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void changeEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void timerEvent(QTimerEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    struct Hit
    {
        int column = -1;
        int entry = -1;
        Instant at;
        bool atEdge = false; ///< on the lower edge of the card, by which it is made longer
    };
    enum class Drag { None, Pressed, Moving, Resizing, Ranging };

    void modelReset();
    void columnChanged(int column);
    void layoutDay();
    [[nodiscard]] QString emptyText() const;
    void keepSelection();
    void ensureVisible(const QRectF& rect);
    void showSelection();
    void setCellAt(int column, Instant at);
    void chooseEntry(int column, int entry);
    void announceSelection();

    // Keys; day_view_keys.cpp.
    void land(int column, Instant at);
    void walk(int direction);
    void walkSideways(int direction);
    void extendCell(int direction);
    void moveSelected(int direction);
    void moveSelectedSideways(int direction);
    void resizeSelected(int direction);
    bool selectedKey(QKeyEvent* event);
    bool cellKey(QKeyEvent* event);

    // Mouse; day_view_mouse.cpp.
    [[nodiscard]] Hit hitAt(QPointF position) const;
    void dragTo(QPointF position);
    void finishDrag(bool commit);
    void updateHover(QPointF position);
    void toolTipAt(QPoint position, QPoint global);

    [[nodiscard]] const std::vector<ScheduleColumn>& columns() const { return m_model.columns(); }
    [[nodiscard]] const ScheduleColumn& column(int index) const
    {
        return columns()[static_cast<std::size_t>(index)];
    }
    [[nodiscard]] const DayAxis& axisOf(int index) const
    {
        return index < 0 ? m_model.axis() : column(index).axis;
    }
    /// The same time of day in another column; of a single day that is the same moment.
    [[nodiscard]] Instant inColumn(int index, Instant at) const;
    [[nodiscard]] int columnLike(const ColumnKey& key) const; ///< of another day; -1: none
    [[nodiscard]] Instant endOfCell(int column, Instant from) const;
    [[nodiscard]] bool isRightToLeft() const { return layoutDirection() == Qt::RightToLeft; }

    DayScheduleModel& m_model;
    DayPainter m_painter;
    DayGeometry m_geometry;
    std::chrono::minutes m_grid{15};
    DayMarks m_marks;
    ColumnKey m_cursorKey; ///< whose column the cursor is in, across resets
    QDate m_shownDay;

    Drag m_drag = Drag::None;
    Hit m_pressed;
    QPointF m_pressedAt;
    QPointF m_dragPosition;
    std::chrono::milliseconds m_grip{0}; ///< from the card's start to where it was taken
    QBasicTimer m_autoScroll;
};

} // namespace yarrow
