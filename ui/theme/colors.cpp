// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

namespace yarrow {

namespace {

struct Shade
{
    QRgb light;
    QRgb dark;
};

constexpr Shade shadeOf(ColorToken token) noexcept
{
    switch (token) {
    case ColorToken::Window:
        return {0xFFF5F7F9, 0xFF12161C};
    case ColorToken::Surface:
        return {0xFFFFFFFF, 0xFF1A2028};
    case ColorToken::SurfaceSunken:
        return {0xFFEEF1F5, 0xFF161B22};
    case ColorToken::Hover:
        return {0xFFEFF3F6, 0xFF242C36};
    case ColorToken::Selection:
        return {0xFFD9EFEB, 0xFF17403B};
    case ColorToken::Line:
        return {0xFFD9DEE5, 0xFF2C3440};
    case ColorToken::LineStrong:
        return {0xFF8893A1, 0xFF67748A};
    case ColorToken::Text:
        return {0xFF1B2430, 0xFFE6EAF0};
    case ColorToken::TextMuted:
        return {0xFF5B6675, 0xFF9AA6B4};
    case ColorToken::Accent:
        return {0xFF0F766E, 0xFF2DD4BF};
    case ColorToken::AccentHover:
        return {0xFF0B5F59, 0xFF5EEAD4};
    case ColorToken::AccentSoft:
        return {0xFFE8F5F3, 0xFF12302D};
    case ColorToken::OnAccent:
        return {0xFFFFFFFF, 0xFF06231F};
    case ColorToken::Good:
        return {0xFF15803D, 0xFF4ADE80};
    case ColorToken::GoodSoft:
        return {0xFFEDF8F0, 0xFF142C1E};
    case ColorToken::Warn:
        return {0xFFB45309, 0xFFFBBF24};
    case ColorToken::WarnSoft:
        return {0xFFFFF8EB, 0xFF30270F};
    case ColorToken::Bad:
        return {0xFFB42318, 0xFFF87171};
    case ColorToken::BadSoft:
        return {0xFFFDEEEC, 0xFF361B1D};
    case ColorToken::Info:
        return {0xFF1D4ED8, 0xFF60A5FA};
    case ColorToken::InfoSoft:
        return {0xFFEBF1FE, 0xFF172642};
    }
    return {0xFF000000, 0xFFFFFFFF};
}

} // namespace

QColor Theme::color(ColorToken token, bool dark) noexcept
{
    const Shade shade = shadeOf(token);
    return QColor::fromRgb(dark ? shade.dark : shade.light);
}

const std::vector<std::pair<ColorToken, ColorToken>>& Theme::textPairs()
{
    using T = ColorToken;
    static const std::vector<std::pair<ColorToken, ColorToken>> pairs = [] {
        std::vector<std::pair<ColorToken, ColorToken>> all;
        for (const T text : {T::Text, T::TextMuted, T::Accent}) {
            for (const T background : {T::Window, T::Surface, T::SurfaceSunken, T::Hover})
                all.emplace_back(text, background);
        }
        for (const T background :
             {T::Selection, T::AccentSoft, T::GoodSoft, T::WarnSoft, T::BadSoft, T::InfoSoft}) {
            all.emplace_back(T::Text, background);
            all.emplace_back(T::TextMuted, background);
        }
        for (const T text : {T::Good, T::Warn, T::Bad, T::Info}) {
            all.emplace_back(text, T::Window);
            all.emplace_back(text, T::Surface);
        }
        all.emplace_back(T::Accent, T::AccentSoft);
        all.emplace_back(T::Good, T::GoodSoft);
        all.emplace_back(T::Warn, T::WarnSoft);
        all.emplace_back(T::Bad, T::BadSoft);
        all.emplace_back(T::Info, T::InfoSoft);
        all.emplace_back(T::OnAccent, T::Accent);
        all.emplace_back(T::OnAccent, T::AccentHover);
        return all;
    }();
    return pairs;
}

} // namespace yarrow
