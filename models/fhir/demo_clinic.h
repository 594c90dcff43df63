// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

#include <QDate>
#include <QTimeZone>

#include <vector>

namespace yarrow {

/// A clinic to look around in: staff, rooms, visit types, about 300 patients, their visits from three weeks
/// before `today` to four weeks after, and some clinical records. Everyone in it is invented. On `today` it
/// looks as it would at 11:00 local time.
///
/// FHIR R4 documents, those referred to first. The same for the same arguments; the ids of patients, staff
/// and rooms never change, so that bringing it in again updates them. The data stand in resources/demo.
[[nodiscard]] std::vector<Json> demoClinic(QDate today, const QTimeZone& zone);

} // namespace yarrow
