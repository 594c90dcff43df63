// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QList>
#include <QString>

class QPainter;
class QRect;
class QStyleOptionViewItem;

namespace yarrow {

class Chip;
struct AppointmentRow;
struct PatientRow;

/// Something to be known of a line of a list: an icon in its colour, and words.
struct Mark
{
    QString icon; ///< of resources/icons
    ColorToken ink = ColorToken::TextMuted;
    QString words; ///< empty where the line says it already
    bool operator==(const Mark&) const = default;
};
using Marks = QList<Mark>;

/// Where a record stands: a conflict waits for a decision, no server has confirmed it yet, or both.
[[nodiscard]] Marks recordMarks(bool conflicted, bool unconfirmed);
[[nodiscard]] Marks recordMarks(const PatientRow& row);
[[nodiscard]] Marks recordMarks(const AppointmentRow& row);

/// Their words, as they are read aloud and stand in tool tips; empty when there are none.
[[nodiscard]] QString marksText(const Marks& marks);

/// How wide they are beside a text, in the small face; as icons alone when not `withWords`.
[[nodiscard]] int marksWidth(const Marks& marks, bool withWords);
/// Paints them one after the other from the leading edge of `place`, which is given as if the page ran from
/// left to right.
void paintMarks(QPainter& painter, const QStyleOptionViewItem& option, const QRect& place, const Marks& marks,
                bool withWords);

/// The same as a chip, in the colour of the first; hidden when there are none.
void showMarks(Chip& chip, const Marks& marks);
/// A chip for where a record stands, called "recordState".
[[nodiscard]] Chip* makeMarksChip(const Marks& marks = {});

} // namespace yarrow
