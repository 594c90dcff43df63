// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/day_schedule_model.h"
#include "ui/widgets/side_panel.h"

class QComboBox;
class QDateEdit;
class QLabel;
class QListWidget;
class QSpinBox;

namespace yarrow {

/// The next openings for a visit of some length, beside the day; Enter takes the marked one.
class OpeningsPanel final : public SidePanel
{
    Q_OBJECT
public:
    OpeningsPanel(ClinicSession& session, const DayScheduleModel& model, QWidget* parent = nullptr);

    struct Wish
    {
        std::chrono::minutes duration{15};
        HealthcareServiceId service;
        PractitionerId practitioner; ///< empty: any
        Instant earliest;
        AppointmentRow row; ///< for which an opening is looked for: booked already, or refused; may be blank
    };
    void look(const Wish& wish);
    [[nodiscard]] const std::vector<Opening>& openings() const noexcept { return m_openings; }

Q_SIGNALS:
    void openingChosen(const yarrow::Opening& opening, const yarrow::HealthcareServiceId& service,
                       const yarrow::AppointmentRow& row);
    void openingMarked(const yarrow::Opening& opening); ///< looked at, not taken

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refresh();
    void take();

    ClinicSession& m_session;
    const DayScheduleModel& m_model;
    AppointmentRow m_row;
    Instant m_earliest;
    bool m_loading = false;
    std::vector<Opening> m_openings;

    QLabel* m_for;
    QComboBox* m_service;
    QSpinBox* m_duration;
    QComboBox* m_practitioner;
    QDateEdit* m_from;
    QComboBox* m_partOfDay;
    QListWidget* m_list;
    QLabel* m_none;
};

} // namespace yarrow
