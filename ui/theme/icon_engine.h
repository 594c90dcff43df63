// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QIconEngine>

namespace yarrow {

/// Draws an SVG of resources/icons in a colour of the theme. The colour is looked up when painting, so that
/// icons need no care when the theme changes.
class IconEngine final : public QIconEngine
{
public:
    IconEngine(QString name, ColorToken token);

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override;
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override;
    [[nodiscard]] QIconEngine* clone() const override;

private:
    QString m_name;
    ColorToken m_token;
};

} // namespace yarrow
