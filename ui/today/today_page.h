// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/visit_board.h"
#include "ui/calendar/day_desk.h"
#include "ui/frame/page.h"

namespace yarrow {

class BoardView;
class TodayDock;

/// The reception's day: the grid in the middle, the dock beside it, and below it the board of who is
/// expected, waits, is in a room or done.
class TodayPage final : public Page
{
    Q_OBJECT
public:
    /// Session and editor must outlive the page.
    TodayPage(ClinicSession& session, ScheduleEditor& editor, QWidget* parent = nullptr);

    QString title() const override;
    QString iconName() const override { return QStringLiteral("today"); }
    QList<KeyHint> keyHints() const override;
    void activated() override;
    void useSettings(DesktopSettings& settings) override;
    void saveDrafts() override { m_desk->saveDrafts(); }
    QStringList tourStops() const override;
    void showTourStop(const QString& stop) override;

    [[nodiscard]] DayDesk& desk() noexcept { return *m_desk; }
    [[nodiscard]] VisitBoard& board() noexcept { return m_board; }
    [[nodiscard]] BoardView& boardView() noexcept { return *m_boardView; }
    [[nodiscard]] TodayDock& dock() noexcept { return *m_dock; }

private:
    void layOut();
    void connectBoard();
    void focusBoard();

    ClinicSession& m_session;
    VisitBoard m_board;
    DayDesk* m_desk;
    BoardView* m_boardView;
    TodayDock* m_dock;
    DesktopSettings* m_settings = nullptr;
};

} // namespace yarrow
