// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

namespace yarrow {

enum class ButtonKind { Normal, Primary, Quiet, Danger };

/// Plain text (never markup) in a style and ink of the theme; at the leading edge of its place.
[[nodiscard]] QLabel* makeLabel(const QString& text, TextStyle style = TextStyle::Body,
                                ColorToken ink = ColorToken::Text, QWidget* parent = nullptr);
/// The same over several lines.
[[nodiscard]] QLabel* makeParagraph(const QString& text, TextStyle style = TextStyle::Body,
                                    ColorToken ink = ColorToken::Text, QWidget* parent = nullptr);
/// At the other edge of its place.
[[nodiscard]] QLabel* makeTrailingLabel(const QString& text, TextStyle style = TextStyle::Body,
                                        ColorToken ink = ColorToken::Text, QWidget* parent = nullptr);
void setInk(QLabel* label, ColorToken ink);

/// `name` is the object name that tests and the style sheet know it by.
[[nodiscard]] QPushButton* makeButton(const QString& text, ButtonKind kind, const QString& name,
                                      QWidget* parent = nullptr);
/// A button that shows an icon only; `what` is its accessible name and tool tip.
[[nodiscard]] QToolButton* makeIconButton(const QString& icon, const QString& what, const QString& name,
                                          QWidget* parent = nullptr);
/// The magnifying glass at the leading edge of a search line. The glass, and the button that clears the line
/// if it has one already, get names for assistive technology, which Qt does not give them.
void addSearchIcon(QLineEdit& edit);
[[nodiscard]] QWidget* makeLine(QWidget* parent = nullptr); ///< a horizontal rule

[[nodiscard]] QWidget* makeUpright(QWidget* parent = nullptr); ///< a vertical one

/// Sets a property that the style sheet looks at, and has it looked at again.
void setLook(QWidget* widget, const char* property, const QVariant& value);

/// An icon that follows theme and scale. Not seen by assistive technology: put words beside it.
class IconLabel final : public QWidget
{
    Q_OBJECT
public:
    IconLabel(const QString& icon, ColorToken token, int side = 20, QWidget* parent = nullptr);
    void setIcon(const QString& icon, ColorToken token);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QIcon m_icon;
    int m_side;
};

} // namespace yarrow
