// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gate/gate_card.h"

#include "ui/widgets/controls.h"

#include <QCoreApplication>
#include <QFrame>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>

namespace yarrow {

QVBoxLayout* makeGateCard(QWidget* page, int width)
{
    const Theme& theme = Theme::current();

    auto* brand = new QHBoxLayout;
    brand->setSpacing(theme.space(2));
    brand->addStretch(1);
    brand->addWidget(new IconLabel(QStringLiteral("yarrow"), ColorToken::Accent, 32));
    brand->addWidget(makeLabel(QCoreApplication::applicationName(), TextStyle::Title));
    brand->addStretch(1);

    auto* card = new QFrame;
    card->setProperty("look", QStringLiteral("card"));
    card->setMaximumWidth(theme.px(width));
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(theme.space(8), theme.space(7), theme.space(8), theme.space(7));
    column->setSpacing(theme.space(4));

    auto* centre = new QHBoxLayout;
    centre->addStretch(1);
    centre->addWidget(card, 100);
    centre->addStretch(1);

    auto* content = new QWidget;
    content->setProperty("look", QStringLiteral("plain"));
    auto* outer = new QVBoxLayout(content);
    outer->setContentsMargins(theme.space(4), theme.space(6), theme.space(4), theme.space(6));
    outer->setSpacing(theme.space(5));
    outer->addStretch(2);
    outer->addLayout(brand);
    outer->addLayout(centre);
    outer->addStretch(3);

    auto* scroll = new QScrollArea(page);
    scroll->setObjectName(QStringLiteral("gateScroll"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);
    auto* whole = new QVBoxLayout(page);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
    return column;
}

} // namespace yarrow
