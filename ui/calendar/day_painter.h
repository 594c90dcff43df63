// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/day_schedule_model.h"
#include "ui/calendar/day_geometry.h"
#include "ui/theme/theme.h"

#include <QFont>
#include <QFontMetricsF>
#include <QHash>
#include <QPixmap>
#include <QStaticText>

#include <array>

class QPainter;

namespace yarrow {

/// What is marked on the day besides its appointments.
struct DayMarks
{
    int cursorColumn = -1; ///< the free cell that keys act on; -1: none
    TimeRange cursor;
    AppointmentId selected; ///< empty: none
    bool hasFocus = false;
    /// Where something is being dragged to; the card itself stays, faint, where it was.
    std::optional<ScheduleEntry> ghost;
    int ghostColumn = -1;
    AppointmentId dragged;
    std::optional<TimeRange> range; ///< a stretch of a column being drawn for a new booking
    int rangeColumn = -1;
    std::chrono::minutes grid{15};
    Instant now;
};

/// Paints a day. Keeps fonts, icons and laid-out texts between paints; forget them with themeChanged().
class DayPainter
{
public:
    DayPainter();
    void themeChanged();

    /// Sizes that the geometry needs, at the theme's present scale.
    [[nodiscard]] int gutterWidth() const;
    [[nodiscard]] int headHeight() const;
    [[nodiscard]] int leastColumnWidth() const;
    [[nodiscard]] double rowHeight() const; ///< of one grid step

    void paint(QPainter& painter, const QRect& exposed, const DayScheduleModel& model,
               const DayGeometry& geometry, const DayMarks& marks);

private:
    struct Inks
    {
        QColor surface, sunken, window, line, fineLine, strongLine, text, muted, accent, accentSoft, bad,
            onAccent, warn;
    };
    enum class Face { Body, Strong, Small, SmallStrong };

    void paintColumn(const ScheduleColumn& column, int index);
    void paintGrid();
    void paintBlockouts(const ScheduleColumn& column, int index);
    void paintCards(const ScheduleColumn& column, int index);
    void paintCard(const ScheduleEntry& entry, const QRectF& rect, bool ghost);
    void paintCardText(const ScheduleEntry& entry, const QRectF& rect, const QColor& ink);
    void paintGhost(const ScheduleEntry& ghost, int column);
    void paintCursor();
    /// The column of the present day in a week; -1: all are, or none is (`present` tells).
    [[nodiscard]] int presentColumn(bool& present) const;
    void paintNowLine(bool overCards); ///< full behind the cards, faint over them, so that names stay legible
    void paintGutter();
    void paintHead(const ScheduleColumn& column, int index);
    void paintCorner();

    /// One line, cut to `width` with an ellipsis, standing at the leading side of `rect`. Gives the width it
    /// took.
    double drawLine(Face face, const QString& text, const QRectF& rect, const QColor& ink);
    void drawIcon(const QString& name, ColorToken token, const QRectF& rect);
    [[nodiscard]] QRectF rowRect(const QRectF& rect, double top, double height) const;
    [[nodiscard]] QRectF takeLeading(QRectF& rect, double width) const;
    [[nodiscard]] QRectF takeTrailing(QRectF& rect, double width) const;
    [[nodiscard]] const QFont& font(Face face) const { return m_fonts[static_cast<std::size_t>(face)]; }
    [[nodiscard]] const QFontMetricsF& metrics(Face face) const
    {
        return m_metrics[static_cast<std::size_t>(face)];
    }

    struct TextKey
    {
        QString text;
        int width = 0;
        Face face = Face::Body;
        bool operator==(const TextKey&) const = default;
        friend std::size_t qHash(const TextKey& key, std::size_t seed) noexcept
        {
            return qHashMulti(seed, key.text, key.width, static_cast<int>(key.face));
        }
    };
    struct LaidOut
    {
        QStaticText text;
        double width = 0;
    };

    std::array<QFont, 4> m_fonts;
    std::vector<QFontMetricsF> m_metrics;
    Inks m_inks;
    QHash<TextKey, LaidOut> m_texts;
    QHash<QString, QPixmap> m_icons;

    // Of the paint under way.
    QPainter* m_painter = nullptr;
    QRectF m_exposed;
    const DayScheduleModel* m_model = nullptr;
    const DayAxis* m_axis = nullptr; ///< of the column whose cards are painted
    const DayGeometry* m_geometry = nullptr;
    const DayMarks* m_marks = nullptr;
    std::vector<DayAxis::Tick> m_ticks;
};

} // namespace yarrow
