// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QFrame>
#include <QString>

class QLabel;
class QPushButton;

namespace yarrow {

class IconLabel;

enum class Tone { Plain, Info, Good, Warn, Bad };

[[nodiscard]] QString toneName(Tone tone);   ///< as the style sheet knows it
[[nodiscard]] ColorToken toneInk(Tone tone); ///< of texts and icons

/// A sentence in a coloured box, with its icon and, when wanted, a button.
class NoteBox final : public QFrame
{
    Q_OBJECT
public:
    explicit NoteBox(QWidget* parent = nullptr);
    /// Shows the box; an empty text hides it.
    void say(Tone tone, const QString& text);
    /// Adds a button behind the text. An empty text removes it.
    void setAction(const QString& text);
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void actionTriggered();

private:
    IconLabel* m_icon;
    QLabel* m_text;
    QPushButton* m_action = nullptr; ///< made when there is something to do
};

/// A few words in a small rounded box.
class Chip final : public QFrame
{
    Q_OBJECT
public:
    Chip(Tone tone, const QString& icon, const QString& text, QWidget* parent = nullptr);
    void set(Tone tone, const QString& icon, const QString& text);

private:
    IconLabel* m_icon;
    QLabel* m_text;
};

/// What stands where nothing is to be shown yet: says so, and what to do.
class EmptyState final : public QWidget
{
    Q_OBJECT
public:
    EmptyState(const QString& icon, const QString& title, const QString& sentence, QWidget* parent = nullptr);
    void set(const QString& icon, const QString& title, const QString& sentence);
    /// An empty text removes the button.
    void setAction(const QString& text);

Q_SIGNALS:
    void actionTriggered();

private:
    IconLabel* m_icon;
    QLabel* m_title;
    QLabel* m_sentence;
    QPushButton* m_action = nullptr; ///< made when there is something to do
};

} // namespace yarrow
