// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/conflict_item.h"

#include <QString>
#include <QTimeZone>

namespace yarrow {

/// Records and their elements in the words people use for them.

/// "Patient", "Appointment", "Allergy"; a type without a word of its own by its name, in words.
[[nodiscard]] QString typeText(const QString& type);
/// The icon of resources/icons for a type.
[[nodiscard]] QString typeIcon(const QString& type);
/// Whose or what it is: "Rossi, Ada", "Room 2", "Asthma"; the type when nothing else is known.
[[nodiscard]] QString subjectText(const RecordSubject& subject);
/// What else there is to say of it: "Appointment · 12 May 2026, 09:30", "Allergy · Penicillin".
[[nodiscard]] QString subjectFacts(const RecordSubject& subject, const QTimeZone& zone);
/// "Mobile phone", "Birth date", "Family name"; any other element by its name, in words. An empty path is
/// the whole record.
[[nodiscard]] QString elementText(const QString& type, const ElementPath& path);
/// The same of one member: `birthDate`, `deceased[x]`.
[[nodiscard]] QString memberText(const QString& member);
/// "maritalStatus" → "Marital status".
[[nodiscard]] QString nameInWords(const QString& name);

} // namespace yarrow
