// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <optional>

namespace yarrow {

/// A form as text that was not saved: its fields by name, as typed, whether or not they make sense yet.
struct FormDraft
{
    QString revision; ///< of the record the form began from
    QJsonObject base; ///< the fields of that record
    QJsonObject typed;
    bool operator==(const FormDraft&) const = default;
};

[[nodiscard]] QByteArray writeFormDraft(const FormDraft& draft);
/// Nothing when it is none.
[[nodiscard]] std::optional<FormDraft> readFormDraft(const QByteArray& content);

/// What was typed, over a record that has moved on: a field that was edited keeps the typed text, the others
/// show the record as it now is. Of a list, only the items that were edited: by their place where nobody has
/// added or removed one (the days of a week), else what was added and removed.
[[nodiscard]] QJsonObject mergedFields(const QJsonObject& base, const QJsonObject& typed,
                                       const QJsonObject& theirs);

} // namespace yarrow
