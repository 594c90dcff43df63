// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/opening_hours.h"

#include <QStringList>
#include <QWidget>

#include <array>
#include <optional>

class QLabel;
class QLineEdit;

namespace yarrow {

class HoursBar;

/// A week's hours, a line of text for each day: what is typed ("8-12, 14-18") is understood as it is typed,
/// said again in words below, and drawn as bars. Enter goes to the next day, Ctrl+D takes the hours of the
/// day above, the arrow keys move between days.
class WeekEditor final : public QWidget
{
    Q_OBJECT
public:
    explicit WeekEditor(QWidget* parent = nullptr);

    /// What holds while no day has hours; drawn lighter then.
    void setBorrowedHours(const WeeklyHours& hours);
    void setTexts(const QStringList& days); ///< seven, from Monday on, as typed
    [[nodiscard]] QStringList texts() const;
    [[nodiscard]] static QStringList textsOf(const WeeklyHours& hours);
    /// The week as typed; nothing, with the keyboard on the first day that cannot be understood, otherwise.
    [[nodiscard]] std::optional<WeeklyHours> check();

Q_SIGNALS:
    void edited();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Day
    {
        QLineEdit* text;
        QLabel* echo;
        HoursBar* bar;
    };
    void makeDay(int index);
    void showDay(const Day& day);
    void showAll();

    std::array<Day, 7> m_days{}; ///< in ISO order; on screen they begin with the locale's first day
    std::array<int, 7> m_order{};
    QLabel* m_total;
    WeeklyHours m_borrowed;
};

} // namespace yarrow
