// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/day_schedule_model.h"

#include <QFrame>

#include <chrono>

class QBoxLayout;
class QComboBox;
class QMenu;
class QPushButton;
class QToolButton;

namespace yarrow {

/// Above the day: which day, what stands side by side, whose columns, how fine.
class CalendarToolbar final : public QFrame
{
    Q_OBJECT
public:
    explicit CalendarToolbar(DayScheduleModel& model, QWidget* parent = nullptr);

    void showDay(QDate day, QDate today);
    void showGrid(std::chrono::minutes grid);
    void openMonth(); ///< the month picker under the date

Q_SIGNALS:
    void dayChosen(QDate day);
    void stepRequested(int days); ///< 0 is today
    void gridChosen(std::chrono::minutes grid);
    void bookRequested();
    void openingsRequested();

protected:
    [[nodiscard]] QSize minimumSizeHint() const override;
    void resizeEvent(QResizeEvent* event) override;

private:
    /// How much room the texts have.
    enum class Room { Ample, ShortDate, FewTexts, IconsOnly };

    void fillArrangements();
    void fillPractitioners();
    void fillWeekOf();
    void nameFilter();
    void styleDate();
    void fit();
    void writeTexts(Room room);

    DayScheduleModel& m_model;
    QDate m_day;
    QPushButton* m_date;
    QPushButton* m_today;
    QPushButton* m_filter;
    QMenu* m_filterMenu;
    QString m_filterText;
    QComboBox* m_arrangement;
    QComboBox* m_grid;
    QPushButton* m_openings;
    QPushButton* m_book;
};

} // namespace yarrow
