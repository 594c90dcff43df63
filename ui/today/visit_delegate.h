// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/today/visit_list_model.h"

#include <QStyledItemDelegate>

namespace yarrow {

/// Paints the cards of a stage: time and name, the minutes at the end, whose visit it is below. What has
/// taken too long is marked by colour, icon and words.
class VisitDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    VisitDelegate(VisitStage stage, const QTimeZone& zone, QObject* parent = nullptr);
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    VisitStage m_stage;
    QTimeZone m_zone;
};

} // namespace yarrow
