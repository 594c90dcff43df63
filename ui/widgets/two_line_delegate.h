// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace yarrow {

/// Paints a row of a list: an icon when there is one, a line of text, a smaller muted line below it, and a
/// muted word at the end.
class TwoLineDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    enum Role { SecondLineRole = Qt::UserRole + 100, TrailingRole, BadgeRole, LastRole = BadgeRole };

    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    struct Lines
    {
        QIcon icon;
        QString first;
        QString second;
        QString trailing;
        bool quiet = false; ///< the first line muted too
        QIcon badge = {};   ///< small, behind the first line
    };
    [[nodiscard]] virtual Lines linesOf(const QModelIndex& index) const;
};

} // namespace yarrow
