// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/form_draft.h"

#include <QJsonDocument>

namespace yarrow {

namespace {

constexpr int kVersion = 1;

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
        if (field.value() != base[field.key()])
            merged[field.key()] = field.value();
    }
    return merged;
}

} // namespace yarrow
