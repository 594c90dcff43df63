// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/schedule_print.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/widgets/texts.h"

#include <QApplication>
#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPagedPaintDevice>
#include <QPainter>
#include <QStyle>

#include <algorithm>
#include <cmath>

namespace yarrow {
namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(SchedulePrint)
};

// Lengths in points.
constexpr double kPointsPerInch = 72;
constexpr int kColumnsOfADay = 5; ///< on a page
constexpr int kColumnsOfAWeek = 7;
constexpr double kTitle = 13;
constexpr double kHead = 30;
constexpr double kGutter = 34;
constexpr double kText = 7.5;
constexpr double kLeastText = 4.5;
const QColor kInk(0x20, 0x20, 0x20);
const QColor kSoftInk(0x60, 0x60, 0x60);
const QColor kLine(0xC8, 0xC8, 0xC8);
const QColor kClosed(0xF0, 0xF0, 0xF0);

/// One printing: the painter works in points, from the upper corner of the printable page.
class Sheet
{
public:
    Sheet(QPainter& painter, const DayScheduleModel& model, QSizeF page)
        : m_painter(painter)
        , m_model(model)
        , m_page(page)
        , m_mirrored(QApplication::layoutDirection() == Qt::RightToLeft)
    {
        for (const ScheduleColumn& column : model.columns())
            m_minutes = std::max(m_minutes, column.axis.lengthInMinutes());
        m_minutes = std::max(m_minutes, 60.0);
    }

    void paint(std::size_t first, std::size_t count, int number, int pages)
    {
        paintTitle(number, pages);
        m_body = QRectF(kGutter, kTitle + 6 + kHead, m_page.width() - kGutter,
                        m_page.height() - kTitle - 6 - kHead);
        m_width = m_body.width() / static_cast<double>(std::max<std::size_t>(count, 1));
        for (std::size_t i = 0; i < count; ++i)
            paintGround(m_model.columns()[first + i], static_cast<int>(i));
        paintHours();
        for (std::size_t i = 0; i < count; ++i) {
            paintHead(m_model.columns()[first + i], static_cast<int>(i));
            paintCards(m_model.columns()[first + i], static_cast<int>(i));
        }
    }

private:
    [[nodiscard]] QRectF placed(const QRectF& rect) const
    {
        return m_mirrored ? QRectF(m_page.width() - rect.right(), rect.top(), rect.width(), rect.height())
                          : rect;
    }
    [[nodiscard]] double yAt(double minute) const
    {
        return m_body.top() + m_body.height() * minute / m_minutes;
    }
    [[nodiscard]] QRectF span(int index, double from, double until) const
    {
        const double top = std::clamp(yAt(from), m_body.top(), m_body.bottom());
        return {m_body.left() + m_width * index, top, m_width,
                std::clamp(yAt(until), m_body.top(), m_body.bottom()) - top};
    }
    void text(const QRectF& rect, const QString& words, double size, const QColor& ink, bool strong = false,
              Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter)
    {
        QFont font = QApplication::font();
        font.setPointSizeF(size * kPointsPerInch / m_painter.device()->logicalDpiY());
        font.setWeight(strong ? QFont::DemiBold : QFont::Normal);
        m_painter.setFont(font);
        m_painter.setPen(ink);
        const QString cut =
            QFontMetricsF(font, m_painter.device()).elidedText(words, Qt::ElideRight, rect.width());
        m_painter.drawText(placed(rect),
                           static_cast<int>(QStyle::visualAlignment(
                               m_mirrored ? Qt::RightToLeft : Qt::LeftToRight, alignment)) |
                               Qt::TextSingleLine,
                           cut);
    }
    void paintTitle(int number, int pages)
    {
        const QLocale locale;
        const QString when = m_model.isWeek()
                                 ? Texts::tr("%1 – %2", "first and last day of a week")
                                       .arg(locale.toString(m_model.firstDay(), QLocale::LongFormat),
                                            locale.toString(m_model.lastDay(), QLocale::LongFormat))
                                 : dayText(m_model.day());
        const QRectF line(0, 0, m_page.width(), kTitle + 2);
        text(line.adjusted(0, 0, -140, 0),
             Texts::tr("%1 · %2", "clinic, day").arg(m_model.session().clinicName(), when), kTitle - 2, kInk,
             true);
        text(line, Texts::tr("Page %1 of %2").arg(number).arg(pages), kText + 1, kSoftInk, false,
             Qt::AlignRight | Qt::AlignVCenter);
    }
    void paintGround(const ScheduleColumn& column, int index)
    {
        m_painter.fillRect(placed(span(index, 0, m_minutes)), kClosed);
        for (const TimeRange& work : column.working)
            m_painter.fillRect(
                placed(span(index, column.axis.minutesAt(work.start), column.axis.minutesAt(work.end))),
                Qt::white);
        for (const Blockout& blockout : column.blockouts) {
            const QRectF rect = span(index, column.axis.minutesAt(blockout.when.start),
                                     column.axis.minutesAt(blockout.when.end));
            m_painter.fillRect(placed(rect), kClosed);
            if (rect.height() > kText)
                text(QRectF(rect.left() + 4, rect.top(), rect.width() - 8, kText + 3), blockout.reason, kText,
                     kSoftInk);
        }
    }
    void paintHours()
    {
        m_painter.setPen(QPen(kLine, 0.5));
        for (const DayAxis::Tick& tick : m_model.axis().ticks(std::chrono::minutes(60))) {
            const double y = yAt(m_model.axis().minutesAt(tick.at));
            m_painter.setPen(QPen(kLine, 0.5));
            m_painter.drawLine(placed(QRectF(0, y, m_page.width(), 0)).topLeft(),
                               placed(QRectF(0, y, m_page.width(), 0)).topRight());
            text(QRectF(0, y + 1, kGutter - 4, kText + 3), timeText(tick.local), kText, kSoftInk, false,
                 Qt::AlignRight | Qt::AlignVCenter);
        }
    }
    void paintHead(const ScheduleColumn& column, int index)
    {
        const QRectF head(m_body.left() + m_width * index + 4, kTitle + 6, m_width - 8, kHead);
        text(QRectF(head.left(), head.top(), head.width(), 12), columnText(m_model, column), kText + 1.5,
             kInk, true);
        text(QRectF(head.left(), head.top() + 13, head.width(), 10),
             m_model.isWeek() ? column.name : column.detail, kText, kSoftInk);
        m_painter.setPen(QPen(kLine, 0.5));
        const QRectF edge =
            placed(QRectF(m_body.left() + m_width * index, head.top(), 0, m_page.height() - head.top()));
        m_painter.drawLine(edge.topLeft(), edge.bottomLeft());
    }
    void paintCards(const ScheduleColumn& column, int index)
    {
        for (const ScheduleEntry& entry : column.entries) {
            const Appointment& visit = entry.row.appointment;
            QRectF rect = span(index, column.axis.minutesAt(visit.start), column.axis.minutesAt(visit.end));
            const double lane = rect.width() / std::max(entry.place.lanes, 1);
            rect = QRectF(rect.left() + lane * entry.place.lane, rect.top(), lane, rect.height())
                       .adjusted(1.5, 0.4, -1.5, -0.4);
            m_painter.setPen(QPen(kInk, 0.5, entry.row.provisional ? Qt::DashLine : Qt::SolidLine));
            m_painter.setBrush(Qt::white);
            m_painter.drawRect(placed(rect));
            paintCardText(column, entry.row, rect.adjusted(3, 0, -2, 0));
        }
    }
    void paintCardText(const ScheduleColumn& column, const AppointmentRow& row, const QRectF& rect)
    {
        const double size = std::clamp(rect.height() * 0.72, kLeastText, kText);
        const double line = std::min(rect.height(), size + 2.5);
        QStringList further{row.serviceName, row.roomName};
        if (row.appointment.status != AppointmentStatus::Booked)
            further << statusText(row.appointment.status);
        if (row.provisional)
            further << Texts::tr("not confirmed");
        const QString first = Texts::tr("%1  %2", "time, patient")
                                  .arg(timeText(column.axis, row.appointment.start), whoText(row));
        const QString rest = joinFacts(further);
        if (rect.height() < 2 * line) {
            text(QRectF(rect.left(), rect.top(), rect.width(), line), joinFacts({first, rest}), size, kInk);
            return;
        }
        text(QRectF(rect.left(), rect.top(), rect.width(), line), first, size, kInk, true);
        text(QRectF(rect.left(), rect.top() + line, rect.width(), line), rest, size, kSoftInk);
        if (rect.height() >= 3 * line)
            text(QRectF(rect.left(), rect.top() + 2 * line, rect.width(), line), row.appointment.description,
                 size, kSoftInk);
    }

    QPainter& m_painter;
    const DayScheduleModel& m_model;
    QSizeF m_page;
    bool m_mirrored;
    double m_minutes = 0;
    double m_width = 0;
    QRectF m_body;
};

} // namespace

bool printSchedule(QPagedPaintDevice& device, const DayScheduleModel& model)
{
    QPainter painter;
    if (!painter.begin(&device))
        return false;
    const double scale = device.logicalDpiX() / kPointsPerInch;
    painter.scale(scale, scale);
    Sheet sheet(painter, model, device.pageLayout().paintRect(QPageLayout::Point).size());
    const auto columns = model.columns().size();
    const auto most = static_cast<std::size_t>(model.isWeek() ? kColumnsOfAWeek : kColumnsOfADay);
    const auto pages = std::max<std::size_t>(1, (columns + most - 1) / most);
    for (std::size_t page = 0; page < pages; ++page) {
        if (page > 0 && !device.newPage())
            return false;
        const std::size_t first = page * most;
        sheet.paint(first, std::min(most, columns - std::min(first, columns)), static_cast<int>(page) + 1,
                    static_cast<int>(pages));
    }
    return painter.end();
}

} // namespace yarrow
