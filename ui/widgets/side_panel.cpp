// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/side_panel.h"

#include "ui/widgets/controls.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPointer>
#include <QScrollArea>
#include <QTimer>
#include <QVBoxLayout>

namespace yarrow {

SidePanel::SidePanel(const QString& title, QWidget* parent)
    : QFrame(parent)
    , m_title(makeLabel(title, TextStyle::Heading))
    , m_body(new QVBoxLayout)
    , m_foot(new QHBoxLayout)
    , m_scroll(new QScrollArea)
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
    m_scroll->setObjectName(QStringLiteral("panelScroll"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(content);

    connect(qApp, &QApplication::focusChanged, this, [this](const QWidget* /*before*/, QWidget* now) {
        // Under a pressed button nothing moves away.
        if (now && m_scroll->widget()->isAncestorOf(now) && QApplication::mouseButtons() == Qt::NoButton)
            reveal(now);
    });

    m_foot->setContentsMargins(theme.space(5), theme.space(3), theme.space(5), theme.space(4));
    m_foot->setSpacing(theme.space(2));

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_scroll, 1);
    column->addWidget(makeLine());
    column->addLayout(m_foot);
}

void SidePanel::reveal(QWidget* part)
{
    QTimer::singleShot(0, this, [this, part = QPointer(part)] {
        if (part && m_scroll->widget()->isAncestorOf(part))
            m_scroll->ensureWidgetVisible(part, 0);
    });
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
