// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/visit_board.h"

#include <QFrame>

#include <array>

class QLabel;
class QSpinBox;

namespace yarrow {

class VisitList;
class VisitListModel;

/// The board of the day: four lists, between which cards are dragged or moved by key. Says what is wished and
/// changes nothing itself.
class BoardView final : public QFrame
{
    Q_OBJECT
public:
    BoardView(VisitBoard& board, const ClinicSession& session, QWidget* parent = nullptr);

    [[nodiscard]] VisitList& list(VisitStage stage) { return *m_lists[static_cast<std::size_t>(stage)]; }
    void showLimit(std::chrono::minutes limit);
    /// Marks a card wherever it stands, and brings it into sight.
    void select(const AppointmentId& id);

Q_SIGNALS:
    void statusRequested(const yarrow::AppointmentRow& row, yarrow::AppointmentStatus status);
    void openRequested(const yarrow::AppointmentId& id);
    void cancelRequested(const yarrow::AppointmentId& id);
    void patientRequested(const yarrow::PatientId& id);
    void limitChosen(std::chrono::minutes limit);

private:
    [[nodiscard]] QWidget* makeHead();
    [[nodiscard]] QWidget* makeStage(VisitStage stage, const QTimeZone& zone);
    void showCounts();
    void step(VisitStage from, int by);
    void moveBy(VisitStage from, int by);
    void request(const AppointmentId& id, AppointmentStatus status);
    void showMenu(VisitStage stage, const AppointmentId& id, QPoint global);

    VisitBoard& m_board;
    std::array<VisitListModel*, kVisitStages> m_models{};
    std::array<VisitList*, kVisitStages> m_lists{};
    std::array<QLabel*, kVisitStages> m_counts{};
    QSpinBox* m_limit;
    AppointmentId m_moved; ///< by key: the keyboard follows it to its new list
};

} // namespace yarrow
