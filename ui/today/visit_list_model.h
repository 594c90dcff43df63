// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/visit_board.h"

#include <QAbstractListModel>
#include <QTimeZone>

namespace yarrow {

/// One stage of the board as a list whose items can be dragged to another one.
class VisitListModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role { CardRole = Qt::UserRole + 1 }; ///< `const BoardCard*`, while the model is as it is

    VisitListModel(const VisitBoard& board, VisitStage stage, const QTimeZone& zone,
                   QObject* parent = nullptr);

    [[nodiscard]] VisitStage stage() const noexcept { return m_stage; }
    [[nodiscard]] const BoardCard* card(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex find(const AppointmentId& id) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] QStringList mimeTypes() const override;
    [[nodiscard]] QMimeData* mimeData(const QModelIndexList& indexes) const override;
    [[nodiscard]] Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    [[nodiscard]] bool canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                                       const QModelIndex& parent) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                      const QModelIndex& parent) override;

Q_SIGNALS:
    void dropped(const yarrow::AppointmentId& id); ///< a card of another stage was let go here

private:
    void follow();

    const VisitBoard& m_board;
    VisitStage m_stage;
    QTimeZone m_zone;
    std::vector<BoardCard> m_cards;
};

[[nodiscard]] QString stageText(VisitStage stage); ///< "Expected"
/// "12 min", and what they are of where the stage alone does not say so; empty when not known.
[[nodiscard]] QString minutesText(const BoardCard& card, VisitStage stage);

} // namespace yarrow
