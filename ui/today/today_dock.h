// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/schedule_editor.h"

#include <QFrame>

class QLayout;
class QVBoxLayout;

namespace yarrow {

class MonthView;
class OpeningsList;
class WaitingOffers;
class WaitingView;

/// Beside the day: the month, the next openings, and what waits to be put somewhere.
class TodayDock final : public QFrame
{
    Q_OBJECT
public:
    TodayDock(ClinicSession& session, ScheduleEditor& editor, WaitingOffers& offers,
              QWidget* parent = nullptr);

    void showDay(QDate day);
    void activated(); ///< the page has come to the front
    [[nodiscard]] MonthView& month() noexcept { return *m_month; }
    [[nodiscard]] WaitingView& waiting() noexcept { return *m_waiting; }
    [[nodiscard]] OpeningsList& openings() noexcept { return *m_openings; }

private:
    [[nodiscard]] QLayout* makeMonthHead();
    void addSection(const QString& title, QWidget* content, int stretch);

    QVBoxLayout* m_column; ///< scrolls where the window is low or the text large
    MonthView* m_month;
    OpeningsList* m_openings;
    WaitingView* m_waiting;
};

} // namespace yarrow
