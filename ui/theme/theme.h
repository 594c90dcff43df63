// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>
#include <QPalette>
#include <QStringView>

#include <utility>
#include <vector>

namespace yarrow {

/// What a colour is for. Every place on screen names one of these; nothing else knows a hexadecimal number.
enum class ColorToken {
    Window,        ///< behind everything
    Surface,       ///< cards, lists, panels, inputs
    SurfaceSunken, ///< read-only fields, closed hours of a calendar
    Hover,         ///< a row or button under the pointer
    Selection,     ///< the chosen row
    Line,          ///< separators
    LineStrong,    ///< borders of inputs: 3:1 against a surface
    Text,
    TextMuted,
    Accent,
    AccentHover,
    AccentSoft,
    OnAccent, ///< text and icons on Accent
    Good,
    GoodSoft,
    Warn,
    WarnSoft,
    Bad,
    BadSoft,
    Info,
    InfoSoft,
};

enum class TextStyle {
    Small,
    Body,
    Strong,  ///< body, semi-bold
    Figures, ///< body with figures of one width, for columns of numbers and times
    Heading,
    Title,
    Code, ///< fixed pitch, for recovery codes and keys
};

/// The look of the program: Fusion, our palette, a small style sheet. One for the process, on the GUI thread;
/// made after the QApplication.
class Theme : public QObject
{
    Q_OBJECT
public:
    enum class Scheme { System, Light, Dark };

    [[nodiscard]] static Theme& current();

    /// Sets style, palette, font and style sheet of the application; again after each change of scheme or
    /// scale.
    void install();
    void setScheme(Scheme scheme);
    [[nodiscard]] bool isDark() const noexcept { return m_dark; }
    /// Size of text against the system's, in percent: 75 to 200. Icons grow with it, spaces half as fast.
    void setScale(int percent);
    [[nodiscard]] int scale() const noexcept { return m_scale; }

    [[nodiscard]] QColor color(ColorToken token) const noexcept { return color(token, m_dark); }
    [[nodiscard]] static QColor color(ColorToken token, bool dark) noexcept;
    [[nodiscard]] QFont font(TextStyle style) const;
    /// `steps` of the 4 px grid, in device-independent pixels at the present scale.
    [[nodiscard]] int space(int steps) const noexcept { return px(4 * steps); }
    /// A length given for 100 %.
    [[nodiscard]] int px(int length) const noexcept;
    /// The side of an icon given for 100 %.
    [[nodiscard]] int iconPx(int side) const noexcept;
    /// The usual side of an icon beside body text.
    [[nodiscard]] int iconSize() const noexcept { return iconPx(20); }

    /// A drawing of resources/icons (without ".svg") in the colour of `token`. It follows the theme by
    /// itself.
    [[nodiscard]] static QIcon icon(QStringView name, ColorToken token = ColorToken::Text);

    /// Every text colour with every background it is used on: each has a contrast of at least 4.5:1.
    [[nodiscard]] static const std::vector<std::pair<ColorToken, ColorToken>>& textPairs();

Q_SIGNALS:
    /// Scheme or scale changed; palette and fonts of the application are already new.
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    Theme();
    void followSystem();
    [[nodiscard]] QString styleSheet() const;
    [[nodiscard]] QPalette palette() const;

    Scheme m_scheme = Scheme::System;
    bool m_dark = false;
    bool m_systemDark = false;
    bool m_installed = false;
    int m_scale = 100;
    QFont m_systemFont;
};

} // namespace yarrow
