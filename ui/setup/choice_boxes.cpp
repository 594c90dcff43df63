// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/choice_boxes.h"

#include "ui/widgets/controls.h"

#include <QCheckBox>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace yarrow {

ChoiceBoxes::ChoiceBoxes(const QString& label, const QString& none, const QString& name, QWidget* parent)
    : QWidget(parent)
    , m_label(label)
    , m_column(new QVBoxLayout(this))
    , m_none(makeParagraph(none, TextStyle::Small, ColorToken::TextMuted))
{
    setObjectName(name);
    setAccessibleName(label);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(Theme::current().space(1));
    m_column->addWidget(makeLabel(label, TextStyle::Small, ColorToken::TextMuted));
    m_column->addWidget(m_none);
}

void ChoiceBoxes::setChoices(const std::vector<Choice>& choices)
{
    const QJsonArray before = chosen();
    for (const auto& [id, box] : m_boxes)
        delete box;
    m_boxes.clear();
    for (const auto& [id, name] : choices) {
        auto* box = new QCheckBox(name);
        box->setObjectName(QStringLiteral("%1-%2").arg(objectName(), id));
        box->setAccessibleName(QStringLiteral("%1: %2").arg(m_label, name));
        m_column->addWidget(box);
        m_boxes.emplace_back(id, box);
        connect(box, &QCheckBox::clicked, this, &ChoiceBoxes::edited);
    }
    m_none->setVisible(choices.empty());
    setChosen(before);
}

void ChoiceBoxes::setChosen(const QJsonArray& ids)
{
    m_set = ids;
    for (const auto& [id, box] : m_boxes)
        box->setChecked(ids.contains(id));
}

QJsonArray ChoiceBoxes::chosen() const
{
    QJsonArray ids;
    const auto boxOf = [&](const QString& id) {
        const auto found = std::find_if(m_boxes.begin(), m_boxes.end(),
                                        [&](const auto& entry) { return entry.first == id; });
        return found == m_boxes.end() ? nullptr : found->second;
    };
    for (const auto& id : std::as_const(m_set)) {
        const QCheckBox* box = boxOf(id.toString());
        if (box == nullptr || box->isChecked())
            ids.append(id);
    }
    for (const auto& [id, box] : m_boxes) {
        if (box->isChecked() && !ids.contains(id))
            ids.append(id);
    }
    return ids;
}

} // namespace yarrow
