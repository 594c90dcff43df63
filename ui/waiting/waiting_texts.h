// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/waiting_offers.h"

#include <QString>

namespace yarrow {

/// "Dr. One or Dr. Two · Mon, Wed · mornings · 1 day's notice": what somebody would take; "Any time, with
/// anybody" when that is all the same to them.
[[nodiscard]] QString wishText(const WaitingWish& wish, const ClinicSession& session);
/// "waiting for 12 days"; empty when nobody knows since when.
[[nodiscard]] QString waitText(const WaitingWish& wish, const ClinicSession& session);
/// Why they are offered the slot, the weightiest reason first.
[[nodiscard]] QString reasonsText(const WaitingCandidate& candidate, const ClinicSession& session);
/// The number to call them on, or that there is none.
[[nodiscard]] QString phoneText(const WaitlistRow& entry);
/// "Tuesday, 12 May, 10:30–10:45 with Dr. One".
[[nodiscard]] QString slotText(const FreeSlot& slot, const ClinicSession& session);
/// Of the part of a day; nothing: any time.
[[nodiscard]] QString partOfDayText(const std::optional<LocalRange>& times);
[[nodiscard]] QString noticeText(std::chrono::minutes notice);
[[nodiscard]] QString priorityText(int priority); ///< FHIR Appointment.priority

} // namespace yarrow
