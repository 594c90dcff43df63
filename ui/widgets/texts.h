// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "models/domain/appointment.h"
#include "models/domain/partial_date.h"
#include "models/domain/patient.h"
#include "models/domain/role.h"

#include <QDate>
#include <QString>
#include <QStringList>
#include <QTimeZone>

namespace yarrow {

struct PatientRow;

/// Words for values, by the locale in use.

[[nodiscard]] QDateTime localTime(Instant instant, const QTimeZone& zone);
/// The locale's short date, always with four digits of the year: a birth year is never guessed.
[[nodiscard]] QString dateText(QDate date);
[[nodiscard]] QString dateText(const PartialDate& date);     ///< as much as is known
[[nodiscard]] QString longDateText(const PartialDate& date); ///< with the month in words
[[nodiscard]] QString timeText(QTime time);
[[nodiscard]] QString whenText(const QDateTime& time); ///< "Tue 12 May 2026, 09:30"
/// "68 years", for small children "7 months" or "12 days"; empty when the birth date is unknown.
[[nodiscard]] QString ageText(const PartialDate& birth, QDate today);
[[nodiscard]] QString sexText(Sex sex);
[[nodiscard]] QString roleText(Role role);
[[nodiscard]] QString statusText(AppointmentStatus status);
[[nodiscard]] QString contactUseText(ContactPoint::Use use);
/// "a · b · c", leaving out what is empty; right in a right-to-left page too.
[[nodiscard]] QString joinFacts(const QStringList& facts);
/// "12.03.1958 · 68 years · Female · MRN 1001", what is known of it.
[[nodiscard]] QString personFacts(const PatientRow& row, QDate today);
[[nodiscard]] QString patientFacts(const PatientRow& row, QDate today); ///< and the phone number

/// What to tell a person about a failure that no field can be blamed for.
[[nodiscard]] QString sentence(const Error& error);

} // namespace yarrow
