// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/day_view.h"

#include "ui/calendar/day_view_accessible.h"

#include <QEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <array>
#include <cmath>

namespace yarrow {
namespace {

using std::chrono::minutes;

constexpr std::array<int, 6> kGrids{60, 30, 20, 15, 10, 5};

} // namespace

DayView::DayView(DayScheduleModel& model, QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_model(model)
{
    installDayViewAccessibility();
    setObjectName(QStringLiteral("dayView"));
    setAccessibleName(tr("Appointments of the day"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    m_marks.grid = m_grid;
    m_marks.now = model.session().clock().now();
    connect(&model, &DayScheduleModel::reset, this, &DayView::modelReset);
    connect(&model, &DayScheduleModel::columnChanged, this, &DayView::columnChanged);
    connect(&Theme::current(), &Theme::changed, this, [this] {
        m_painter.themeChanged();
        layoutDay();
    });
    modelReset();
}

DayView::~DayView() = default;

DayGeometry DayView::geometryOfDay() const
{
    return m_geometry;
}

void DayView::layoutDay()
{
    m_geometry.viewport = viewport()->size();
    m_geometry.rightToLeft = isRightToLeft();
    m_geometry.gutter = m_painter.gutterWidth();
    m_geometry.head = m_painter.headHeight();
    m_geometry.columns = static_cast<int>(columns().size());
    m_geometry.minutes = m_model.axis().lengthInMinutes();
    for (const ScheduleColumn& each : columns())
        m_geometry.minutes = std::max(m_geometry.minutes, each.axis.lengthInMinutes());
    m_geometry.pixelsPerMinute = m_painter.rowHeight() / static_cast<double>(m_grid.count());
    const QSizeF body = m_geometry.bodyRect().size();
    m_geometry.columnWidth = m_geometry.columns == 0 ? body.width()
                                                     : std::max<double>(m_painter.leastColumnWidth(),
                                                                        body.width() / m_geometry.columns);
    // A short day fills the view rather than ending in nothing.
    if (m_geometry.minutes > 0)
        m_geometry.pixelsPerMinute = std::max(m_geometry.pixelsPerMinute, body.height() / m_geometry.minutes);
    const QSizeF content = m_geometry.contentSize();
    horizontalScrollBar()->setRange(
        0, std::max(0, static_cast<int>(std::round(content.width() - body.width()))));
    horizontalScrollBar()->setPageStep(static_cast<int>(body.width()));
    horizontalScrollBar()->setSingleStep(static_cast<int>(m_geometry.columnWidth / 2));
    verticalScrollBar()->setRange(
        0, std::max(0, static_cast<int>(std::round(content.height() - body.height()))));
    verticalScrollBar()->setPageStep(static_cast<int>(body.height()));
    verticalScrollBar()->setSingleStep(static_cast<int>(m_painter.rowHeight()));
    m_geometry.scroll = {horizontalScrollBar()->value(), verticalScrollBar()->value()};
    viewport()->update();
}

void DayView::modelReset()
{
    const bool otherDay = m_shownDay != m_model.day();
    m_shownDay = m_model.day();
    if (m_drag != Drag::None)
        finishDrag(false);
    layoutDay();
    if (columns().empty()) {
        m_marks.cursorColumn = -1;
        m_marks.selected = {};
        announceSelection();
        return;
    }
    if (otherDay)
        m_marks.selected = {};
    keepSelection();
}

void DayView::columnChanged(int index)
{
    keepSelection();
    QRectF dirty = m_geometry.headRect(index).adjusted(-4, 0, 4, 0);
    dirty.setBottom(viewport()->height());
    viewport()->update(dirty.toAlignedRect());
    QAccessibleEvent event(this, QAccessible::VisibleDataChanged);
    QAccessible::updateAccessibility(&event);
}

/// After the model changed: the selection is still on what it was on, or on the place where that was.
void DayView::keepSelection()
{
    if (!m_marks.selected.isEmpty()) {
        if (const auto at = m_model.find(m_marks.selected)) {
            chooseEntry(at->column, at->entry);
            return;
        }
        m_marks.selected = {};
    }
    int index = columnLike(m_cursorKey);
    if (index < 0)
        index = std::clamp(m_marks.cursorColumn, 0, static_cast<int>(columns().size()) - 1);
    const TimeRange& visible = axisOf(index).visible();
    Instant at = m_marks.cursor.start;
    if (at < visible.start || at >= visible.end) {
        // The same time of day as on the day before it, where there is one.
        const QTime time = at == Instant{} ? QTime(9, 0) : axisOf(index).localTime(at);
        at = std::clamp(toInstant(column(index).key.day, time, m_model.axis().zone()), visible.start,
                        visible.end - std::chrono::minutes(5));
    }
    setCellAt(index, at);
}

Instant DayView::inColumn(int index, Instant at) const
{
    const int from = m_marks.cursorColumn;
    if (from < 0 || column(from).key.day == column(index).key.day)
        return at;
    return axisOf(index).instantAt(axisOf(from).minutesAt(at));
}

int DayView::columnLike(const ColumnKey& key) const
{
    if (const int same = m_model.columnOf(key); same >= 0)
        return same;
    for (std::size_t i = 0; i < columns().size(); ++i) {
        ColumnKey each = columns()[i].key;
        if (m_model.isWeek()
                ? each.day == m_model.day()
                : each.practitioner == key.practitioner && each.room == key.room && each.device == key.device)
            return static_cast<int>(i);
    }
    return -1;
}

Instant DayView::endOfCell(int index, Instant from) const
{
    Instant end = axisOf(index).snappedDown(from, m_grid) + m_grid;
    for (const ScheduleEntry& entry : column(index).entries)
        if (entry.row.appointment.start > from)
            end = std::min(end, entry.row.appointment.start);
    return std::min(end, axisOf(index).visible().end);
}

void DayView::setCellAt(int index, Instant at)
{
    m_marks.selected = {};
    m_marks.cursorColumn = index;
    m_cursorKey = column(index).key;
    m_marks.cursor = {at, endOfCell(index, at)};
    viewport()->update();
    announceSelection();
}

void DayView::chooseEntry(int index, int entryIndex)
{
    const Appointment& appointment =
        column(index).entries[static_cast<std::size_t>(entryIndex)].row.appointment;
    const bool same = m_marks.selected == appointment.id && m_marks.cursorColumn == index &&
                      m_marks.cursor == TimeRange{appointment.start, appointment.end};
    m_marks.selected = appointment.id;
    m_marks.cursorColumn = index;
    m_cursorKey = column(index).key;
    m_marks.cursor = {appointment.start, appointment.end};
    if (same)
        return;
    viewport()->update();
    announceSelection();
}

void DayView::announceSelection()
{
    Q_EMIT selectionChanged();
    if (!hasFocus())
        return;
    QAccessibleEvent event(this, QAccessible::Focus);
    event.setChild(focusedChildOf(*this));
    QAccessible::updateAccessibility(&event);
}

const ScheduleEntry* DayView::selected() const
{
    return m_marks.selected.isEmpty() ? nullptr : m_model.entry(m_marks.selected);
}

CalendarCell DayView::cell() const
{
    return {m_cursorKey.practitioner, m_marks.cursor, m_cursorKey.room, m_cursorKey.device};
}

void DayView::select(const AppointmentId& id)
{
    if (const auto at = m_model.find(id)) {
        chooseEntry(at->column, at->entry);
        showSelection();
    }
}

void DayView::selectCell(const PractitionerId& practitioner, Instant at)
{
    const int index = m_model.columnAt(practitioner, at);
    if (index < 0)
        return;
    land(index, at);
    showSelection();
}

void DayView::goToNow()
{
    if (columns().empty())
        return;
    int index = std::max(0, m_marks.cursorColumn);
    for (std::size_t i = 0; m_model.isWeek() && i < columns().size(); ++i)
        if (const TimeRange& shown = columns()[i].axis.visible();
            shown.start <= m_marks.now && m_marks.now < shown.end)
            index = static_cast<int>(i);
    const TimeRange& visible = axisOf(index).visible();
    Instant at = m_marks.now;
    if (at < visible.start || at >= visible.end) {
        at = toInstant(column(index).key.day, QTime(9, 0), m_model.axis().zone());
        for (const ScheduleColumn& each : columns())
            if (!each.working.empty() && each.key.day == column(index).key.day)
                at = std::min(at, each.working.front().start);
        at = std::clamp(at, visible.start, visible.end - minutes(5));
    }
    setCellAt(index, axisOf(index).snappedDown(at, m_grid));
    land(m_marks.cursorColumn, m_marks.cursor.start);
    // The present stands in the upper third: what comes matters more than what was.
    const double y = axisOf(index).minutesAt(at) * m_geometry.pixelsPerMinute;
    verticalScrollBar()->setValue(static_cast<int>(y - m_geometry.bodyRect().height() / 3));
}

void DayView::setNow(Instant now)
{
    m_marks.now = now;
    viewport()->update();
}

void DayView::setGrid(minutes grid)
{
    if (grid == m_grid || std::find(kGrids.begin(), kGrids.end(), grid.count()) == kGrids.end())
        return;
    // The middle of the view stays where it is.
    const double middle = m_geometry.bodyRect().center().y();
    const double minute = m_geometry.minuteAt(middle);
    m_grid = grid;
    m_marks.grid = grid;
    layoutDay();
    verticalScrollBar()->setValue(
        static_cast<int>(minute * m_geometry.pixelsPerMinute + m_geometry.head - middle));
    if (m_marks.selected.isEmpty() && m_marks.cursorColumn >= 0)
        setCellAt(m_marks.cursorColumn, m_marks.cursor.start);
    showSelection();
    Q_EMIT gridChanged();
}

void DayView::zoom(int steps)
{
    const auto now =
        std::find(kGrids.begin(), kGrids.end(), static_cast<int>(m_grid.count())) - kGrids.begin();
    const auto next =
        std::clamp<std::ptrdiff_t>(now + steps, 0, static_cast<std::ptrdiff_t>(kGrids.size()) - 1);
    setGrid(minutes(kGrids[static_cast<std::size_t>(next)]));
}

QRect DayView::rectOf(const AppointmentId& id) const
{
    const auto at = m_model.find(id);
    if (!at)
        return {};
    const ScheduleEntry& entry = column(at->column).entries[static_cast<std::size_t>(at->entry)];
    const DayAxis& axis = axisOf(at->column);
    return m_geometry
        .cardRect(at->column, axis.minutesAt(entry.row.appointment.start),
                  axis.minutesAt(entry.row.appointment.end), entry.place)
        .toAlignedRect();
}

QRect DayView::rectOfCell() const
{
    if (m_marks.cursorColumn < 0)
        return {};
    const DayAxis& axis = axisOf(m_marks.cursorColumn);
    return m_geometry
        .spanRect(m_marks.cursorColumn, axis.minutesAt(m_marks.cursor.start),
                  axis.minutesAt(m_marks.cursor.end))
        .toAlignedRect();
}

void DayView::showSelection()
{
    ensureVisible(selected() ? rectOf(m_marks.selected) : rectOfCell());
}

void DayView::ensureVisible(const QRectF& rect)
{
    if (rect.isEmpty())
        return;
    const QRectF body = m_geometry.bodyRect();
    const double margin = m_painter.rowHeight();
    auto* vertical = verticalScrollBar();
    if (rect.top() - margin < body.top())
        vertical->setValue(static_cast<int>(vertical->value() - (body.top() - rect.top() + margin)));
    else if (rect.bottom() + margin > body.bottom())
        vertical->setValue(
            static_cast<int>(vertical->value() + std::min(rect.bottom() + margin - body.bottom(),
                                                          rect.top() - margin - body.top())));
    // From the leading side, whichever that is.
    const QRectF logical = m_geometry.mirrored(rect);
    const double left = logical.left() - m_geometry.gutter;
    const double right = logical.right() - m_geometry.viewport.width();
    auto* horizontal = horizontalScrollBar();
    if (left < 0)
        horizontal->setValue(static_cast<int>(horizontal->value() + left));
    else if (right > 0)
        horizontal->setValue(static_cast<int>(std::ceil(horizontal->value() + right)));
}

void DayView::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    m_marks.hasFocus = hasFocus();
    m_painter.paint(painter, event->rect(), m_model, m_geometry, m_marks);
    if (!columns().empty())
        return;
    painter.setPen(Theme::current().color(ColorToken::TextMuted));
    painter.drawText(m_geometry.bodyRect(), Qt::AlignCenter | Qt::TextWordWrap, emptyText());
}

QString DayView::emptyText() const
{
    switch (m_model.arrangement()) {
    case Arrangement::Rooms:
        return tr("The clinic has no rooms yet. Once it has, each has a column here.");
    case Arrangement::Devices:
        return tr("The clinic has no devices yet. Once it has, each has a column here.");
    case Arrangement::Practitioners:
    case Arrangement::Week:
        break;
    }
    return tr("No practitioners are shown. Once the clinic has practitioners, each has a column here.");
}

void DayView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    layoutDay();
}

void DayView::scrollContentsBy(int /*dx*/, int /*dy*/)
{
    m_geometry.scroll = {horizontalScrollBar()->value(), verticalScrollBar()->value()};
    viewport()->update();
}

void DayView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::LayoutDirectionChange || event->type() == QEvent::LocaleChange) {
        m_painter.themeChanged();
        layoutDay();
    }
}

void DayView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
    announceSelection();
}

void DayView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace yarrow
