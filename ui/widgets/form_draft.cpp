// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/form_draft.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace yarrow {

namespace {

constexpr int kVersion = 1;

QJsonArray mergedLists(const QJsonArray& base, const QJsonArray& typed, const QJsonArray& theirs)
{
    QJsonArray merged;
    if (base.size() == typed.size() && base.size() == theirs.size()) {
        for (qsizetype i = 0; i < base.size(); ++i)
            merged.append(typed[i] != base[i] ? typed[i] : theirs[i]);
        return merged;
    }
    for (const auto& item : theirs) {
        if (typed.contains(item) || !base.contains(item))
            merged.append(item);
    }
    for (const auto& item : typed) {
        if (!base.contains(item) && !merged.contains(item))
            merged.append(item);
    }
    return merged;
}

} // namespace

QByteArray writeFormDraft(const FormDraft& draft)
{
    return QJsonDocument(QJsonObject{{QStringLiteral("version"), kVersion},
                                     {QStringLiteral("revision"), draft.revision},
                                     {QStringLiteral("base"), draft.base},
                                     {QStringLiteral("typed"), draft.typed}})
        .toJson(QJsonDocument::Compact);
}

std::optional<FormDraft> readFormDraft(const QByteArray& content)
{
    const QJsonObject object = QJsonDocument::fromJson(content).object();
    if (object[QStringLiteral("version")].toInt() != kVersion)
        return std::nullopt;
    return FormDraft{object[QStringLiteral("revision")].toString(), object[QStringLiteral("base")].toObject(),
                     object[QStringLiteral("typed")].toObject()};
}

QJsonObject mergedFields(const QJsonObject& base, const QJsonObject& typed, const QJsonObject& theirs)
{
    QJsonObject merged = theirs;
    for (auto field = typed.begin(); field != typed.end(); ++field) {
        const QJsonValue before = base[field.key()];
        const QJsonValue now = theirs[field.key()];
        if (field.value() == before)
            continue;
        if (field.value().isArray() && before.isArray() && now.isArray())
            merged[field.key()] = mergedLists(before.toArray(), field.value().toArray(), now.toArray());
        else
            merged[field.key()] = field.value();
    }
    return merged;
}

} // namespace yarrow
