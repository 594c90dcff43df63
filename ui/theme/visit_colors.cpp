// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/visit_colors.h"

#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPixmap>

#include <algorithm>
#include <iterator>

namespace yarrow {

namespace {

struct VisitColor
{
    const char* code;
    const char* name;
    QRgb light;
    QRgb dark;
};

/// Each is told apart from its neighbours by lightness too.
constexpr VisitColor kColors[] = {
    {"teal", QT_TRANSLATE_NOOP("yarrow::VisitColor", "Teal"), 0xff0f766e, 0xff2dd4bf},
    {"blue", QT_TRANSLATE_NOOP("yarrow::VisitColor", "Blue"), 0xff2563eb, 0xff60a5fa},
    {"violet", QT_TRANSLATE_NOOP("yarrow::VisitColor", "Violet"), 0xff7c3aed, 0xffa78bfa},
    {"pink", QT_TRANSLATE_NOOP("yarrow::VisitColor", "Pink"), 0xffdb2777, 0xfff472b6},
    {"red", QT_TRANSLATE_NOOP("yarrow::VisitColor", "Red"), 0xffb42318, 0xfff87171},
    {"orange", QT_TRANSLATE_NOOP("yarrow::VisitColor", "Orange"), 0xffea580c, 0xfffb923c},
    {"yellow", QT_TRANSLATE_NOOP("yarrow::VisitColor", "Yellow"), 0xffca8a04, 0xfffacc15},
    {"green", QT_TRANSLATE_NOOP("yarrow::VisitColor", "Green"), 0xff15803d, 0xff4ade80},
    {"grey", QT_TRANSLATE_NOOP("yarrow::VisitColor", "Grey"), 0xff5b6675, 0xff9aa6b4},
};

const VisitColor* find(const QString& code)
{
    const auto* found = std::find_if(std::begin(kColors), std::end(kColors), [&](const VisitColor& color) {
        return code == QLatin1String(color.code);
    });
    return found == std::end(kColors) ? nullptr : found;
}

} // namespace

QStringList visitColorCodes()
{
    QStringList codes;
    for (const VisitColor& color : kColors)
        codes << QLatin1String(color.code);
    return codes;
}

QColor visitColor(const QString& code)
{
    const VisitColor* color = find(code);
    if (color == nullptr)
        return {};
    return QColor::fromRgb(Theme::current().isDark() ? color->dark : color->light);
}

QString visitColorText(const QString& code)
{
    const VisitColor* color = find(code);
    return color == nullptr ? code : QCoreApplication::translate("yarrow::VisitColor", color->name);
}

QIcon visitColorIcon(const QString& code)
{
    const QColor color = visitColor(code);
    if (!color.isValid())
        return {};
    const int side = Theme::current().iconSize() * 2;
    QPixmap dot(side, side);
    dot.fill(Qt::transparent);
    QPainter painter(&dot);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(dot.rect().adjusted(side / 5, side / 5, -side / 5, -side / 5));
    return dot;
}

} // namespace yarrow
