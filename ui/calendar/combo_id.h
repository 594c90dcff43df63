// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/calendar/no_longer_offered.h"

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

/// The same; what is stored and not offered any more is added, so that opening and saving changes nothing.
template <class Tag>
void chooseStoredId(QComboBox* box, const Id<Tag>& id, ClinicSession& session)
{
    if (!id.isEmpty() && box->findData(QString::fromStdString(id.text())) < 0)
        addIdItem(box, noLongerOffered(session, id), id);
    chooseId(box, id);
}

template <class IdType>
[[nodiscard]] IdType chosenId(const QComboBox* box)
{
    const std::string text = box->currentData().toString().toStdString();
    return text.empty() ? IdType() : IdType::known(text);
}

} // namespace yarrow
