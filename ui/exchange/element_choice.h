// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/conflict_item.h"
#include "ui/exchange/value_texts.h"

#include <QDate>
#include <QFrame>

#include <optional>

class QBoxLayout;
class QButtonGroup;
class QLineEdit;
class QPushButton;

namespace yarrow {

class Field;
class ValueChoice;

/// One disputed element: what it was before, and the values to choose between. A text may also be typed.
class ElementChoice final : public QFrame
{
    Q_OBJECT
public:
    struct Captions
    {
        QString mine;
        QString theirs;
        QDate today; ///< of the clinic
    };
    ElementChoice(const ConflictDetails& conflict, const ConflictElement& element, const ValueTexts& texts,
                  const Captions& captions, QWidget* parent = nullptr);

    /// Nothing while none was chosen, or what was typed cannot be kept.
    [[nodiscard]] std::optional<ConflictChoice> choice() const;
    void take(ConflictChoice::Take take); ///< mine or theirs
    void setChangeable(bool changeable);
    void focusChoice();
    [[nodiscard]] const QString& title() const noexcept { return m_title; }
    /// What the element says with the present choice; empty while there is none.
    [[nodiscard]] QString outcome() const;
    /// Whether the present choice leaves it as it is now.
    [[nodiscard]] bool leavesIt() const;

Q_SIGNALS:
    void changed();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void makeTyping();
    [[nodiscard]] std::optional<Json> typedValue() const;
    [[nodiscard]] bool isTypable() const;
    void checkTyped();

    ConflictElement m_element;
    QDate m_today;
    QString m_title;
    QString m_mineText;
    QString m_theirsText;
    QBoxLayout* m_values;
    QButtonGroup* m_group;
    ValueChoice* m_mine;
    ValueChoice* m_theirs;
    QPushButton* m_other = nullptr;
    QLineEdit* m_typed = nullptr;
    Field* m_typedField = nullptr;
};

} // namespace yarrow
