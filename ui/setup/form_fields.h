// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "models/domain/opening_hours.h"
#include "ui/setup/blockouts_editor.h"
#include "ui/setup/week_editor.h"

#include <QJsonArray>
#include <QJsonObject>

#include <optional>
#include <vector>

/// The fields that forms of the directory share, as they are kept in a draft.
namespace yarrow::setup {

inline constexpr QLatin1String kName{"name"};
inline constexpr QLatin1String kActive{"active"};
inline constexpr QLatin1String kHours{"hours"};
inline constexpr QLatin1String kBlockouts{"blockouts"};
inline constexpr QLatin1String kRoom{"room"};

[[nodiscard]] inline QJsonArray hourFields(const WeeklyHours& hours)
{
    return QJsonArray::fromStringList(WeekEditor::textsOf(hours));
}

[[nodiscard]] inline QStringList texts(const QJsonValue& list)
{
    QStringList all;
    for (const auto& text : list.toArray())
        all << text.toString();
    return all;
}

template <class Tag>
[[nodiscard]] QJsonArray idFields(const std::vector<Id<Tag>>& ids)
{
    QJsonArray all;
    for (const Id<Tag>& id : ids)
        all.append(QString::fromStdString(id.text()));
    return all;
}

template <class IdType>
[[nodiscard]] std::vector<IdType> idsOf(const QJsonArray& list)
{
    std::vector<IdType> ids;
    for (const auto& id : list)
        ids.push_back(IdType::known(id.toString().toStdString()));
    return ids;
}

/// The hours as typed, or exactly those that were there when nobody touched them.
[[nodiscard]] inline std::optional<WeeklyHours> checkedHours(WeekEditor& week, const WeeklyHours& before)
{
    auto hours = week.check();
    if (!hours)
        return std::nullopt;
    for (std::size_t day = 0; day < 7; ++day) {
        if (week.texts()[static_cast<qsizetype>(day)] ==
            WeekEditor::textsOf(before)[static_cast<qsizetype>(day)])
            hours->days[day] = before.days[day];
    }
    return hours;
}

/// What is over is not shown, and stays.
[[nodiscard]] inline std::optional<std::vector<Blockout>>
checkedBlockouts(BlockoutsEditor& editor, const std::vector<Blockout>& before, Instant shownFrom)
{
    std::vector<Blockout> past;
    std::vector<Blockout> shown;
    for (const Blockout& blockout : before)
        (blockout.when.end <= shownFrom ? past : shown).push_back(blockout);
    const auto checked = editor.check(shown);
    if (!checked)
        return std::nullopt;
    past.insert(past.end(), checked->begin(), checked->end());
    return past;
}

} // namespace yarrow::setup
