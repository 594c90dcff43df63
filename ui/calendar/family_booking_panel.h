// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/day_schedule_model.h"
#include "models/items/family_desk.h"
#include "ui/widgets/side_panel.h"

#include <optional>
#include <vector>

class QCheckBox;
class QComboBox;
class QDateEdit;
class QLabel;
class QListWidget;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace yarrow {

/// A family's visits one after the other with one practitioner, beside the day: who comes, in their order,
/// what for, and the openings that fit all of them. Alt+Up and Alt+Down let somebody come earlier or later;
/// Enter or Ctrl+Enter books the marked opening, all visits together.
class FamilyBookingPanel final : public SidePanel
{
    Q_OBJECT
public:
    FamilyBookingPanel(ClinicSession& session, const DayScheduleModel& model, QWidget* parent = nullptr);

    /// The patient comes too; `after` a visit of theirs that is booked already, the others follow it.
    void start(const PatientRow& patient, const std::optional<AppointmentRow>& after, Instant earliest);
    /// After a refusal: what was chosen is still there, and openings are looked for anew.
    void lookAgain(const QString& why);
    /// With what was chosen before it was closed.
    void goOn();
    [[nodiscard]] bool isDirty() const noexcept { return m_isDirty; } ///< something was chosen since start()

Q_SIGNALS:
    void bookRequested(const std::vector<yarrow::AppointmentRow>& visits);
    void openingMarked(const yarrow::Opening& first); ///< looked at, not taken

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Line
    {
        PatientRow patient;
        QWidget* widget = nullptr;
        QCheckBox* comes = nullptr;
        QComboBox* service = nullptr;
        QSpinBox* duration = nullptr;
        QWidget* visit = nullptr; ///< what is only asked of who comes
    };

    void layOut();
    void addLine(const PatientRow& patient, bool comes);
    void clearLines();
    void moveMarked(int by); ///< -1: comes earlier
    void fillChoices();
    void edited();
    void refresh();
    void fillList(const Result<std::vector<std::vector<Opening>>>& found);
    void book();
    [[nodiscard]] std::vector<const Line*> coming() const;
    [[nodiscard]] QString lineText(const std::vector<Opening>& openings) const;

    ClinicSession& m_session;
    const DayScheduleModel& m_model;
    std::optional<AppointmentRow> m_after;
    Instant m_earliest;
    bool m_loading = false;
    bool m_isDirty = false;
    int m_asked = 0; ///< an answer to a former start() is not shown
    std::vector<Line> m_lines;
    QCheckBox* m_marked = nullptr; ///< of the line that had the keyboard last
    std::vector<std::vector<Opening>> m_openings;

    QLabel* m_why;
    QVBoxLayout* m_people;
    QPushButton* m_earlier;
    QPushButton* m_later;
    QComboBox* m_practitioner;
    QDateEdit* m_from;
    QComboBox* m_partOfDay;
    QListWidget* m_list;
    QLabel* m_none;
};

} // namespace yarrow
