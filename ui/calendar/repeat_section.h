// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/recurrence.h"

#include <QDate>
#include <QTime>
#include <QWidget>

#include <array>
#include <optional>

class QCheckBox;
class QComboBox;
class QDateEdit;
class QLabel;
class QSpinBox;

namespace yarrow {

class Field;

/// Says how a visit repeats: not at all, or by a rule that it also puts into words.
class RepeatSection final : public QWidget
{
    Q_OBJECT
public:
    explicit RepeatSection(QWidget* parent = nullptr);

    /// When the first visit is, by the clinic's clock. Choices like "the second Tuesday" go by it.
    void setStart(QDate day, QTime at);
    /// Nothing: it does not repeat.
    [[nodiscard]] std::optional<Recurrence> recurrence() const;
    /// A rule that this form cannot say is shown as none.
    void setRecurrence(const std::optional<Recurrence>& recurrence);
    /// Whether what is chosen makes visits.
    [[nodiscard]] bool isValid() const noexcept { return m_isValid; }

Q_SIGNALS:
    void changed();

private:
    enum class Kind { None, Daily, Weekly, MonthDay, LastDay, NthWeekday, LastWeekday };

    [[nodiscard]] QWidget* makeDays();
    [[nodiscard]] QWidget* makeEnd();
    [[nodiscard]] Kind kind() const;
    void offerKinds(Kind chosen);
    [[nodiscard]] std::optional<Kind> kindOf(const RecurrenceRule& rule) const;
    void edited();
    void showRule();

    QDate m_day;
    QTime m_at;
    bool m_loading = false;
    bool m_isValid = true;
    bool m_untilChosen = false; ///< otherwise the last day moves with the first

    QComboBox* m_kind;
    QSpinBox* m_interval;
    std::array<QCheckBox*, 7> m_weekdays{}; ///< from Monday
    QComboBox* m_end;
    QSpinBox* m_count;
    QDateEdit* m_until;
    QLabel* m_sentence;
    Field* m_intervalField;
    Field* m_daysField;
    Field* m_endField;
    Field* m_countField;
    Field* m_untilField;
    QWidget* m_details;
};

} // namespace yarrow
