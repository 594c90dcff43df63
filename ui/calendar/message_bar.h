// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/notes.h"

#include <functional>
#include <vector>

class QHBoxLayout;

namespace yarrow {

/// One sentence above the day with what can be done about it. It stays until it is closed, replaced, or acted
/// on; it never takes the keyboard away.
class MessageBar final : public QFrame
{
    Q_OBJECT
public:
    explicit MessageBar(QWidget* parent = nullptr);

    struct Action
    {
        QString text;
        QString name; ///< object name of its button
        std::function<void()> run;
    };
    void say(Tone tone, const QString& text, const std::vector<Action>& actions = {});
    void clear();
    [[nodiscard]] QString text() const;

private:
    QFrame* m_box; ///< what is seen; the bar keeps the room around it
    IconLabel* m_icon;
    QLabel* m_text;
    QHBoxLayout* m_buttons;
};

} // namespace yarrow
