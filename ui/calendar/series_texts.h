// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/booking_desk.h"

#include <QDate>
#include <QString>
#include <QStringList>
#include <QTimeZone>

#include <functional>
#include <vector>

namespace yarrow {

class ClinicSession;

/// Words for visits that repeat, by the locale in use.

/// The rule in words, without its end: "Every 2 weeks on Monday and Thursday." `first`: a day of the series,
/// for what the rule leaves open.
[[nodiscard]] QString ruleSentence(const RecurrenceRule& rule, QDate first);
/// "10 visits, from 12 May 2026 to 14 July 2026."
[[nodiscard]] QString extentSentence(const std::vector<QDate>& days);
/// "second", "last" … weekday of a month, as a choice: "Monthly on the second Tuesday".
[[nodiscard]] QString monthlyChoice(const RuleDay& day);
/// What is wrong with a rule that has no visits, or too many.
[[nodiscard]] QString ruleProblem(const Error& error);

/// The name of a practitioner, room or device by reference, "Practitioner/7".
[[nodiscard]] QString resourceName(const std::string& reference, const ClinicSession& session);
using NameOf = std::function<QString(const std::string& reference)>;
/// Sentences about what is in the way of a visit, what is worst first: "Taken 09:00–09:30 for Rossi, Ada
/// (Dr. Neri and Room 2)."
[[nodiscard]] QStringList obstacleSentences(const std::vector<VisitObstacle>& obstacles,
                                            const SeriesPlan& plan, const NameOf& nameOf,
                                            const QTimeZone& zone);

/// "Tue, 12/05/2026, 09:00".
[[nodiscard]] QString shortMoment(Instant instant, const QTimeZone& zone);

} // namespace yarrow
