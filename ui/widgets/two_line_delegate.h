// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/record_marks.h"

#include <QStyledItemDelegate>

namespace yarrow {

/// Paints a row of a list: an icon when there is one, a line of text, a smaller muted line below it, and a
/// muted word at the end. Marks stand behind the first line, with their words where there is room; a tool tip
/// says them, unless the model has one of its own.
class TwoLineDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    enum Role { SecondLineRole = Qt::UserRole + 100, TrailingRole, MarksRole, LastRole = MarksRole };

    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

protected:
    struct Lines
    {
        QIcon icon;
        QString first;
        QString second;
        QString trailing;
        bool quiet = false; ///< the first line muted too
        Marks marks = {};   ///< behind the first line
    };
    [[nodiscard]] virtual Lines linesOf(const QModelIndex& index) const;
};

} // namespace yarrow
