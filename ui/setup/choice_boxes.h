// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QWidget>

#include <utility>
#include <vector>

class QCheckBox;
class QLabel;
class QVBoxLayout;

namespace yarrow {

/// Some of several, a box to check for each.
class ChoiceBoxes final : public QWidget
{
    Q_OBJECT
public:
    /// `none` is said where there is nothing to choose from.
    ChoiceBoxes(const QString& label, const QString& none, const QString& name, QWidget* parent = nullptr);

    using Choice = std::pair<QString, QString>; ///< id, name
    void setChoices(const std::vector<Choice>& choices);
    void setChosen(const QJsonArray& ids); ///< what is not among the choices is kept, unseen
    [[nodiscard]] QJsonArray chosen() const;

Q_SIGNALS:
    void edited();

private:
    QString m_label;
    QVBoxLayout* m_column;
    QLabel* m_none;
    std::vector<std::pair<QString, QCheckBox*>> m_boxes;
    QJsonArray m_set; ///< as set last: its order, and what is not among the choices
};

} // namespace yarrow
