// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/conflict_item.h"

#include <QHash>
#include <QString>
#include <QStringList>
#include <QTimeZone>

#include <optional>
#include <vector>

namespace yarrow {

/// Values of elements as people read them: dates by the locale, times in the clinic's zone, codes in words,
/// references by name.
class ValueTexts
{
public:
    ValueTexts(QString type, const QTimeZone& zone, QHash<QString, QString> names)
        : m_type(std::move(type))
        , m_zone(zone)
        , m_names(std::move(names))
    {}

    /// What stands at the path, over one or more lines; "–" for nothing.
    [[nodiscard]] QString text(const ElementPath& path, const std::optional<Json>& value) const;
    /// Of several versions of one element each text; of objects only the members in which they differ.
    [[nodiscard]] QStringList texts(const ElementPath& path,
                                    const std::vector<std::optional<Json>>& versions) const;

private:
    [[nodiscard]] QString member(const QString& name, const Json& value) const;
    [[nodiscard]] QString scalar(const QString& name, const Json& value) const;
    [[nodiscard]] QString object(const Json& value) const;
    [[nodiscard]] QString list(const QString& name, const Json& value) const;
    [[nodiscard]] QString reference(const Json& value) const;
    [[nodiscard]] QString participants(const Json& value) const;
    [[nodiscard]] QString code(const QString& name, const QString& code) const;

    QString m_type;
    QTimeZone m_zone;
    QHash<QString, QString> m_names;
};

} // namespace yarrow
