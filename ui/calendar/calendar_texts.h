// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/day_axis.h"
#include "models/items/day_schedule_model.h"
#include "models/items/schedule_editor.h"

#include <QString>

namespace yarrow {

/// The sentences and short forms that the calendar's parts share, beside those of ui/widgets/texts.h.

[[nodiscard]] QString timeText(const DayAxis& axis,
                               Instant instant); ///< "09:30"; with "CEST" where it comes twice
[[nodiscard]] QString timesText(const DayAxis& axis, const Appointment& appointment); ///< "09:30–09:45"
[[nodiscard]] QString durationText(std::chrono::minutes duration);                    ///< "1 h 15 min"
[[nodiscard]] QString dayText(QDate day); ///< "Tuesday, 12 May 2026"
/// For a field that takes a day: the locale's short form, the year with four digits.
[[nodiscard]] QString dateFieldFormat();
/// The head of a column: who or what it is, or which day of a week.
[[nodiscard]] QString columnText(const DayScheduleModel& model, const ScheduleColumn& column);
[[nodiscard]] QString whoText(const AppointmentRow& row); ///< the patient, or what the slot is held for
/// One line for somebody who hears it: "09:30–09:45 Rossi, Ada, Check-up, booked".
[[nodiscard]] QString spokenText(const DayAxis& axis, const AppointmentRow& row);
/// Everything the card knows, in lines.
[[nodiscard]] QString toolTipText(const DayAxis& axis, const AppointmentRow& row);
[[nodiscard]] QString
cancelReasonText(const std::string& code); ///< of FHIR `appointment-cancellation-reason`
[[nodiscard]] const std::vector<std::string>& offeredCancelReasons();

/// What happened, for the page's notice: "Moved Rossi, Ada to 09:45." `visits`: how many were changed
/// together.
[[nodiscard]] QString madeText(const DayAxis& axis, const AppointmentRow& row, ScheduleChange kind,
                               int visits = 1);
[[nodiscard]] QString undoneText(ScheduleChange kind, int visits = 1);
[[nodiscard]] QString redoneText(ScheduleChange kind, int visits = 1);
/// Why it did not, other than a taken slot, and what to do.
[[nodiscard]] QString refusalText(const ScheduleRefusal& refusal);
/// What of an appointment is another than before, as it now is; empty when it is the same.
[[nodiscard]] QString changedElsewhereText(const AppointmentRow& before, const AppointmentRow& now,
                                           const ClinicSession& session);
[[nodiscard]] QString illegalMoveText(AppointmentStatus from, AppointmentStatus to);

} // namespace yarrow
