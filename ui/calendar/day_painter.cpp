// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/day_painter.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/status_look.h"
#include "ui/widgets/texts.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace yarrow {
namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(DayPainter)
};

constexpr int kMostTexts = 8000;
constexpr double kIconSide = 14;
constexpr double kCardPadding = 5;
constexpr double kBarWidth = 4;

QColor faded(QColor color, double alpha)
{
    color.setAlphaF(static_cast<float>(alpha));
    return color;
}

/// Diagonal lines across `rect`, clipped to it; steadier at all scales than a brush pattern.
void hatch(QPainter& painter, const QRectF& rect, const QRectF& exposed, const QColor& ink, double step)
{
    const QRectF area = rect.intersected(exposed);
    if (area.isEmpty())
        return;
    painter.save();
    painter.setClipRect(area, Qt::IntersectClip);
    painter.setPen(QPen(ink, 1));
    QList<QLineF> lines;
    // Counted from the rectangle itself, so that the pattern does not crawl when only a part is painted anew.
    // A line that begins at x on the lower edge has moved right by the height above it where it passes the
    // area.
    const double first = std::floor((area.left() - rect.left() - (rect.bottom() - area.top())) / step);
    for (double x = rect.left() + first * step; x < area.right(); x += step)
        lines << QLineF(x, rect.bottom(), x + rect.height(), rect.top());
    painter.drawLines(lines);
    painter.restore();
}

} // namespace

DayPainter::DayPainter()
{
    themeChanged();
}

void DayPainter::themeChanged()
{
    const Theme& theme = Theme::current();
    QFont smallStrong = theme.font(TextStyle::Small);
    smallStrong.setWeight(QFont::DemiBold);
    m_fonts = {theme.font(TextStyle::Body), theme.font(TextStyle::Strong), theme.font(TextStyle::Small),
               smallStrong};
    m_metrics.clear();
    for (const QFont& each : m_fonts)
        m_metrics.emplace_back(each);
    m_inks = {theme.color(ColorToken::Surface),
              // In the dark the sunken shade is too near the surface to tell closed hours at a glance.
              theme.color(theme.isDark() ? ColorToken::Window : ColorToken::SurfaceSunken),
              theme.color(ColorToken::Window), theme.color(ColorToken::Line),
              faded(theme.color(ColorToken::Line), 0.55), theme.color(ColorToken::LineStrong),
              theme.color(ColorToken::Text), theme.color(ColorToken::TextMuted),
              theme.color(ColorToken::Accent), theme.color(ColorToken::AccentSoft),
              theme.color(ColorToken::Bad), theme.color(ColorToken::OnAccent), theme.color(ColorToken::Warn)};
    m_texts.clear();
    m_icons.clear();
}

int DayPainter::gutterWidth() const
{
    return static_cast<int>(std::ceil(metrics(Face::Strong).horizontalAdvance(timeText(QTime(20, 0))))) +
           Theme::current().space(4);
}

int DayPainter::headHeight() const
{
    const double text = metrics(Face::Strong).height() + 2 * metrics(Face::Small).height();
    return static_cast<int>(std::ceil(text)) + Theme::current().space(4);
}

int DayPainter::leastColumnWidth() const
{
    return static_cast<int>(metrics(Face::Body).averageCharWidth() * 19);
}

double DayPainter::rowHeight() const
{
    return std::round(metrics(Face::Body).height() * 1.6);
}

void DayPainter::paint(QPainter& painter, const QRect& exposed, const DayScheduleModel& model,
                       const DayGeometry& geometry, const DayMarks& marks)
{
    m_painter = &painter;
    m_exposed = exposed;
    m_model = &model;
    m_geometry = &geometry;
    m_marks = &marks;
    m_ticks = model.axis().ticks(marks.grid);
    if (m_texts.size() > kMostTexts)
        m_texts.clear();

    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(exposed, m_inks.window);
    painter.save();
    painter.setClipRect(geometry.bodyRect(), Qt::IntersectClip);
    const auto& columns = model.columns();
    for (std::size_t i = 0; i < columns.size(); ++i)
        paintColumn(columns[i], static_cast<int>(i));
    paintGrid();
    for (std::size_t i = 0; i < columns.size(); ++i)
        paintBlockouts(columns[i], static_cast<int>(i));
    paintCursor();
    paintNowLine(false);
    painter.setRenderHint(QPainter::Antialiasing, true);
    for (std::size_t i = 0; i < columns.size(); ++i)
        paintCards(columns[i], static_cast<int>(i));
    if (marks.ghost && marks.ghostColumn >= 0) {
        paintGhost(*marks.ghost, marks.ghostColumn);
    }
    painter.restore();
    paintGutter();
    for (std::size_t i = 0; i < columns.size(); ++i)
        paintHead(columns[i], static_cast<int>(i));
    paintCorner();
    paintNowLine(true);
}

void DayPainter::paintColumn(const ScheduleColumn& column, int index)
{
    const QRectF rect = m_geometry->columnRect(index);
    if (!rect.intersects(m_exposed))
        return;
    const DayAxis& axis = column.axis;
    m_painter->fillRect(rect, m_inks.sunken);
    for (const TimeRange& work : column.working)
        m_painter->fillRect(m_geometry->spanRect(index, axis.minutesAt(work.start), axis.minutesAt(work.end)),
                            m_inks.surface);
    // Only a short gap is a break; a long one is time off between two shifts and needs no word.
    for (const TimeRange& gap : column.breaks) {
        if (gap.end - gap.start > std::chrono::hours(3))
            continue;
        QRectF span = m_geometry->spanRect(index, axis.minutesAt(gap.start), axis.minutesAt(gap.end));
        const double height = metrics(Face::Small).height();
        if (span.height() < height + 5)
            continue;
        span.adjust(kCardPadding * 2, 0, -kCardPadding * 2, 0);
        drawLine(Face::Small, Texts::tr("Break"), rowRect(span, span.top() + 5, height), m_inks.muted);
    }
}

void DayPainter::paintGrid()
{
    const QRectF body = m_geometry->bodyRect();
    for (const auto& tick : m_ticks) {
        const double y = std::round(m_geometry->yAt(m_model->axis().minutesAt(tick.at)));
        if (y < m_exposed.top() - 1 || y > m_exposed.bottom() + 1)
            continue;
        m_painter->setPen(QPen(tick.hour ? m_inks.line : m_inks.fineLine, 1));
        m_painter->drawLine(QPointF(body.left(), y), QPointF(body.right(), y));
    }
    m_painter->setPen(QPen(m_inks.line, 1));
    for (int i = 0; i < m_geometry->columns; ++i) {
        const QRectF rect = m_geometry->columnRect(i);
        const double x = m_geometry->rightToLeft ? rect.left() : rect.right() - 1;
        m_painter->drawLine(QPointF(x, body.top()), QPointF(x, body.bottom()));
    }
}

void DayPainter::paintBlockouts(const ScheduleColumn& column, int index)
{
    const DayAxis& axis = column.axis;
    for (const Blockout& blockout : column.blockouts) {
        QRectF rect = m_geometry->spanRect(index, axis.minutesAt(blockout.when.start),
                                           axis.minutesAt(blockout.when.end));
        rect = rect.intersected(m_geometry->columnRect(index));
        if (!rect.intersects(m_exposed))
            continue;
        m_painter->fillRect(rect, m_inks.sunken);
        m_painter->setRenderHint(QPainter::Antialiasing, true);
        hatch(*m_painter, rect, m_exposed, faded(m_inks.strongLine, 0.45), 8);
        m_painter->setRenderHint(QPainter::Antialiasing, false);
        const QString reason = blockout.reason.isEmpty() ? Texts::tr("Not available") : blockout.reason;
        const double height = metrics(Face::Small).height() + 4;
        const double width =
            std::min(metrics(Face::Small).horizontalAdvance(reason) + 2 * kCardPadding, rect.width() - 12);
        // The reason stays in sight while a long blockout scrolls by.
        const double top =
            std::min(std::max(rect.top() + 4, m_geometry->bodyRect().top() + 4), rect.bottom() - height);
        QRectF label = rowRect(rect.adjusted(6, 0, -6, 0), top, height);
        label = takeLeading(label, width + 2);
        m_painter->fillRect(label, m_inks.sunken);
        drawLine(Face::Small, reason, label.adjusted(kCardPadding, 2, -kCardPadding, -2), m_inks.muted);
    }
}

void DayPainter::paintCards(const ScheduleColumn& column, int index)
{
    const QRectF columnRect = m_geometry->columnRect(index);
    if (!columnRect.intersects(m_exposed))
        return;
    const DayAxis& axis = column.axis;
    m_axis = &axis;
    const ScheduleEntry* selected = nullptr;
    QRectF selectedRect;
    for (const ScheduleEntry& entry : column.entries) {
        const QRectF rect = m_geometry->cardRect(index, axis.minutesAt(entry.row.appointment.start),
                                                 axis.minutesAt(entry.row.appointment.end), entry.place);
        if (!rect.adjusted(-4, -4, 4, 4).intersects(m_exposed))
            continue;
        if (entry.row.appointment.id == m_marks->selected) {
            selected = &entry;
            selectedRect = rect;
            continue;
        }
        paintCard(entry, rect, false);
    }
    if (selected)
        paintCard(*selected, selectedRect, false);
}

void DayPainter::paintCard(const ScheduleEntry& entry, const QRectF& rect, bool ghost)
{
    const Appointment& appointment = entry.row.appointment;
    const StatusLook look = lookOf(appointment.status);
    const Theme& theme = Theme::current();
    const QColor ink = theme.color(look.ink);
    const bool isSelected = appointment.id == m_marks->selected && !ghost;
    const bool isFaint = !ghost && appointment.id == m_marks->dragged;
    const bool isOver = appointment.status == AppointmentStatus::Cancelled;
    const double radius = std::min(4.0, rect.height() / 4);

    m_painter->save();
    if (isFaint)
        m_painter->setOpacity(0.35);
    if (isSelected) {
        // The ring stands on the surface's own colour, so that it is seen on any neighbour.
        m_painter->setPen(Qt::NoPen);
        m_painter->setBrush(m_inks.surface);
        m_painter->drawRoundedRect(rect.adjusted(-3, -3, 3, 3), radius + 3, radius + 3);
    }
    QPen border(faded(ink, isOver ? 0.35 : 0.55), 1);
    if (ghost || entry.waiting)
        border = QPen(m_inks.accent, 1.5, Qt::DashLine);
    else if (entry.row.provisional)
        border = QPen(ink, 1, Qt::DashLine);
    m_painter->setPen(border);
    m_painter->setBrush(theme.color(look.fill));
    m_painter->drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    if (entry.row.provisional)
        hatch(*m_painter, rect.adjusted(1, 1, -1, -1), m_exposed, faded(ink, 0.22), 7);

    QRectF inside = rect.adjusted(1, 1, -1, -1);
    QRectF bar = takeLeading(inside, kBarWidth);
    m_painter->setRenderHint(QPainter::Antialiasing, false);
    m_painter->fillRect(bar, isOver ? faded(ink, 0.4) : ink);
    if (!appointment.overbookReason.empty()) {
        // A second bar: there are two in this slot, on purpose.
        (void)takeLeading(inside, 2);
        m_painter->fillRect(takeLeading(inside, 2), ink);
    }
    m_painter->setRenderHint(QPainter::Antialiasing, true);
    if (isSelected) {
        m_painter->setPen(QPen(m_marks->hasFocus ? m_inks.accent : m_inks.strongLine, 2));
        m_painter->setBrush(Qt::NoBrush);
        m_painter->drawRoundedRect(rect.adjusted(-2, -2, 2, 2), radius + 2, radius + 2);
    }
    const QRectF text = inside.adjusted(kCardPadding, 0, -kCardPadding, 0);
    m_painter->setClipRect(inside, Qt::IntersectClip);
    paintCardText(entry, text,
                  isOver || appointment.status == AppointmentStatus::NoShow ? m_inks.muted : m_inks.text);
    m_painter->restore();
}

/// What is being dragged, where it would go, with the times it would have.
void DayPainter::paintGhost(const ScheduleEntry& ghost, int column)
{
    const DayAxis& axis = m_model->columns()[static_cast<std::size_t>(column)].axis;
    m_axis = &axis;
    const Appointment& appointment = ghost.row.appointment;
    const QRectF rect = m_geometry->cardRect(column, axis.minutesAt(appointment.start),
                                             axis.minutesAt(appointment.end), LanePlace());
    paintCard(ghost, rect, true);
    const QString times = timesText(axis, appointment);
    const double height = metrics(Face::SmallStrong).height() + 4;
    const double width = metrics(Face::SmallStrong).horizontalAdvance(times) + 14;
    const double above = rect.top() - height - 2;
    QRectF pill = rowRect(rect, above > m_geometry->bodyRect().top() ? above : rect.bottom() + 2, height);
    pill = takeLeading(pill, std::min(width, pill.width()));
    m_painter->setPen(Qt::NoPen);
    m_painter->setBrush(m_inks.accent);
    m_painter->drawRoundedRect(pill, 4, 4);
    drawLine(Face::SmallStrong, times, pill.adjusted(7, 2, -6, -2), m_inks.onAccent);
}

void DayPainter::paintCardText(const ScheduleEntry& entry, const QRectF& rect, const QColor& ink)
{
    const Appointment& appointment = entry.row.appointment;
    const DayAxis& axis = *m_axis;
    const Face nameFace = rect.height() < metrics(Face::Strong).height() ? Face::SmallStrong : Face::Strong;
    const double strong = metrics(nameFace).height();
    const double small = metrics(Face::Small).height();
    const double icon = std::round(kIconSide * strong / 18);
    if (rect.height() < strong * 0.6 || rect.width() < icon)
        return;

    const int lines =
        rect.height() < strong + small ? 1 : 1 + static_cast<int>((rect.height() - strong) / small);
    const double top = lines == 1 ? rect.center().y() - strong / 2 : rect.top() + 1;
    QRectF first = rowRect(rect, top, strong);
    const auto squareIn = [&](QRectF place) {
        return QRectF(place.left(), std::round(place.center().y() - icon / 2), icon, icon);
    };
    // In a narrow lane the name has the first line for itself, and the status stands before the times.
    const bool isNarrow = rect.width() < metrics(nameFace).averageCharWidth() * 10;
    const auto paintStatus = [&](QRectF& row) {
        const StatusLook look = lookOf(appointment.status);
        drawIcon(QString::fromUtf16(look.icon), look.ink, squareIn(takeLeading(row, icon)));
        (void)takeLeading(row, std::round(icon * 0.36));
    };
    if (!isNarrow || lines == 1)
        paintStatus(first);
    if (entry.clashing || entry.row.conflicted)
        drawIcon(QStringLiteral("warning"), entry.clashing ? ColorToken::Bad : ColorToken::Warn,
                 squareIn(takeTrailing(first, icon)));
    else if (!appointment.overbookReason.empty() && !isNarrow)
        drawIcon(QStringLiteral("copy"), ColorToken::TextMuted, squareIn(takeTrailing(first, icon)));

    if (appointment.series && !isNarrow)
        drawIcon(QStringLiteral("repeat"), ColorToken::TextMuted, squareIn(takeTrailing(first, icon)));

    const QString who = whoText(entry.row);
    const QString what = entry.row.serviceName.isEmpty() ? appointment.description : entry.row.serviceName;
    const double nameWidth = drawLine(nameFace, who, first, ink);
    if (appointment.status == AppointmentStatus::Cancelled) {
        QRectF struck = first;
        const QRectF line = takeLeading(struck, nameWidth);
        m_painter->setPen(QPen(ink, 1));
        m_painter->drawLine(QPointF(line.left(), line.center().y()),
                            QPointF(line.right(), line.center().y()));
    }
    if (lines == 1) {
        // A flat card has room beside the name at best: what is coming matters more than its time, which the
        // gutter has.
        (void)takeLeading(first, nameWidth + 8);
        const QString rest = entry.row.roomName.isEmpty()
                                 ? what
                                 : Texts::tr("%1 · %2", "visit type · room").arg(what, entry.row.roomName);
        if (first.width() > metrics(Face::Small).averageCharWidth() * 6)
            drawLine(Face::Small, rest, first, m_inks.muted);
        return;
    }
    const QString times = timesText(axis, appointment);
    QStringList further{what.isEmpty() ? times : Texts::tr("%1  %2", "times, visit type").arg(times, what)};
    if (!entry.row.roomName.isEmpty())
        further << entry.row.roomName;
    if (!appointment.description.isEmpty() && appointment.description != what &&
        appointment.description != who)
        further << appointment.description;
    if (!appointment.comment.isEmpty())
        further << appointment.comment;
    // Where lines are fewer than facts, room and what follows share the second line with the visit type.
    if (lines == 2 && further.size() > 1) {
        const QString short2 = Texts::tr("%1 · %2", "visit type · room").arg(further[0], further[1]);
        further = {short2};
    }
    double y = top + strong;
    for (int i = 0; i + 1 < lines && i < further.size(); ++i, y += small) {
        QRectF row = rowRect(rect, y, small);
        if (i == 0 && isNarrow)
            paintStatus(row);
        drawLine(Face::Small, further[i], row, m_inks.muted);
    }
}

void DayPainter::paintCursor()
{
    const auto paintCell = [&](int column, const TimeRange& cell, bool filled) {
        const DayAxis& axis = m_model->columns()[static_cast<std::size_t>(column)].axis;
        QRectF rect = m_geometry->spanRect(column, axis.minutesAt(cell.start), axis.minutesAt(cell.end));
        rect.adjust(1, 1, -2, 0);
        if (!rect.intersects(m_exposed))
            return;
        m_painter->setRenderHint(QPainter::Antialiasing, true);
        m_painter->setPen(QPen(m_marks->hasFocus || filled ? m_inks.accent : m_inks.strongLine, 2));
        m_painter->setBrush(filled || m_marks->hasFocus ? QBrush(m_inks.accentSoft) : QBrush(Qt::NoBrush));
        m_painter->drawRoundedRect(rect.adjusted(1, 1, -1, -1), 4, 4);
        m_painter->setRenderHint(QPainter::Antialiasing, false);
        QRectF line = rowRect(rect.adjusted(kCardPadding * 2, 0, -kCardPadding * 2, 0), rect.top() + 4,
                              metrics(Face::Small).height());
        const QString from = timeText(axis, cell.start);
        const QString text =
            filled ? Texts::tr("%1–%2", "from–until").arg(from, timeText(axis, cell.end)) : from;
        if (rect.height() >= metrics(Face::Small).height() && (filled || m_marks->hasFocus))
            drawLine(Face::Small, text, line, m_inks.accent);
    };
    if (m_marks->range && m_marks->rangeColumn >= 0)
        paintCell(m_marks->rangeColumn, *m_marks->range, true);
    else if (m_marks->cursorColumn >= 0 && m_marks->selected.isEmpty())
        paintCell(m_marks->cursorColumn, m_marks->cursor, false);
}

} // namespace yarrow
