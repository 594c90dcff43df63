// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/side_panel.h"

#include "ui/widgets/controls.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QScrollArea>
#include <QVBoxLayout>

namespace yarrow {

SidePanel::SidePanel(const QString& title, QWidget* parent)
    : QFrame(parent)
    , m_title(makeLabel(title, TextStyle::Heading))
    , m_body(new QVBoxLayout)
    , m_foot(new QHBoxLayout)
{
    const Theme& theme = Theme::current();
    setProperty("look", QStringLiteral("side"));
    setAccessibleName(title);
    setMinimumWidth(theme.px(340));

    auto* close = makeIconButton(QStringLiteral("close"), tr("Close"), QStringLiteral("closePanel"));
    connect(close, &QToolButton::clicked, this, &SidePanel::closeRequested);
    m_close = close;
    auto* head = new QHBoxLayout;
    head->setContentsMargins(theme.space(5), theme.space(4), theme.space(3), theme.space(2));
    head->addWidget(m_title, 1);
    head->addWidget(close);

    auto* content = new QWidget;
    content->setProperty("look", QStringLiteral("plain"));
    m_body->setContentsMargins(theme.space(5), theme.space(2), theme.space(5), theme.space(4));
    m_body->setSpacing(theme.space(3));
    content->setLayout(m_body);
    auto* scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("panelScroll"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);

    m_foot->setContentsMargins(theme.space(5), theme.space(3), theme.space(5), theme.space(4));
    m_foot->setSpacing(theme.space(2));

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(scroll, 1);
    column->addWidget(makeLine());
    column->addLayout(m_foot);
}

void SidePanel::setTitle(const QString& title)
{
    m_title->setText(title);
    setAccessibleName(title);
}

void SidePanel::setClosable(bool closable)
{
    m_close->setVisible(closable);
}

void SidePanel::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && event->modifiers() == Qt::NoModifier) {
        Q_EMIT closeRequested();
        event->accept();
        return;
    }
    QFrame::keyPressEvent(event);
}

} // namespace yarrow
