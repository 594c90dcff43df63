// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"

#include <QComboBox>

#include <algorithm>

namespace yarrow {

/// Adds a choice that stands for `id`; an empty id stands for "none".
template <class Tag>
void addIdItem(QComboBox* box, const QString& text, const Id<Tag>& id)
{
    box->addItem(text, QString::fromStdString(id.text()));
}

/// Chooses the item of `id`; the first one when there is none such.
template <class Tag>
void chooseId(QComboBox* box, const Id<Tag>& id)
{
    box->setCurrentIndex(std::max(0, box->findData(QString::fromStdString(id.text()))));
}

template <class IdType>
[[nodiscard]] IdType chosenId(const QComboBox* box)
{
    const std::string text = box->currentData().toString().toStdString();
    return text.empty() ? IdType() : IdType::known(text);
}

} // namespace yarrow
