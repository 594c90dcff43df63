// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/key_sheet.h"

#include "ui/widgets/controls.h"

#include <QApplication>
#include <QEvent>
#include <QFrame>
#include <QGridLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

namespace yarrow {

namespace {

constexpr int kVeilAlpha = 130;

QWidget* makeSection(const KeySheet::Section& section)
{
    const Theme& theme = Theme::current();
    auto* widget = new QWidget;
    auto* grid = new QGridLayout(widget);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(theme.space(4));
    grid->setVerticalSpacing(theme.space(2));
    grid->addWidget(makeLabel(section.first, TextStyle::Strong), 0, 0, 1, 2);
    int row = 1;
    for (const KeyHint& hint : section.second) {
        auto* keys = makeLabel(hint.keys, TextStyle::Small);
        keys->setProperty("look", QStringLiteral("key"));
        grid->addWidget(keys, row, 0, Qt::AlignLeft | Qt::AlignVCenter);
        grid->addWidget(makeLabel(hint.what), row, 1);
        ++row;
    }
    grid->setColumnStretch(1, 1);
    grid->setRowStretch(row, 1);
    return widget;
}

} // namespace

KeySheet::KeySheet(QWidget* window)
    : QWidget(window)
{
    setObjectName(QStringLiteral("keySheet"));
    setAccessibleName(tr("Keys"));
    setFocusPolicy(Qt::StrongFocus);
    window->installEventFilter(this);
    hide();
}

void KeySheet::open(const QList<Section>& sections)
{
    const Theme& theme = Theme::current();
    if (!isVisible())
        m_focusBefore = QApplication::focusWidget();
    delete m_card;
    delete layout();
    m_card = new QFrame;
    m_card->setProperty("look", QStringLiteral("card"));
    auto* column = new QVBoxLayout(m_card);
    column->setContentsMargins(theme.space(8), theme.space(6), theme.space(8), theme.space(6));
    column->setSpacing(theme.space(5));
    column->addWidget(makeLabel(tr("Keys"), TextStyle::Title));
    QList<QWidget*> parts;
    QString spoken;
    int together = 0;
    for (const Section& section : sections) {
        parts.append(makeSection(section));
        together += parts.last()->sizeHint().width() + theme.space(8);
        for (const KeyHint& hint : section.second)
            spoken += hint.keys + QLatin1String(": ") + hint.what + u'\n';
    }
    setAccessibleDescription(spoken);
    // Side by side where there is room, else below one another.
    const int margins = 2 * theme.space(14);
    const bool wide = together <= parentWidget()->width() - margins;
    auto* content = new QWidget;
    content->setProperty("look", QStringLiteral("plain"));
    auto* shelf = new QBoxLayout(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom, content);
    shelf->setContentsMargins(0, 0, 0, 0);
    shelf->setSpacing(theme.space(8));
    for (QWidget* part : parts)
        shelf->addWidget(part);
    auto* scroll = new QScrollArea;
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    scroll->setMinimumSize(
        content->sizeHint().boundedTo(parentWidget()->size() - QSize(margins, 2 * margins)) +
        QSize(theme.space(4), 2));
    column->addWidget(scroll);
    column->addWidget(makeLabel(tr("Arrow keys scroll, any other key closes this sheet."), TextStyle::Small,
                                ColorToken::TextMuted));

    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(theme.space(4), theme.space(4), theme.space(4), theme.space(4));
    outer->addWidget(m_card, 0, Qt::AlignCenter);
    setGeometry(parentWidget()->rect());
    show();
    raise();
    setFocus();
}

void KeySheet::close()
{
    hide();
    if (m_focusBefore)
        m_focusBefore->setFocus();
}

bool KeySheet::event(QEvent* event)
{
    // Keys that are shortcuts elsewhere close the sheet instead.
    if (event->type() == QEvent::ShortcutOverride) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

bool KeySheet::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize)
        setGeometry(parentWidget()->rect());
    return QWidget::eventFilter(watched, event);
}

void KeySheet::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), QColor(0, 0, 0, kVeilAlpha));
}

void KeySheet::keyPressEvent(QKeyEvent* event)
{
    auto* bar = m_card->findChild<QScrollArea*>()->verticalScrollBar();
    switch (event->key()) {
    case Qt::Key_Down:
    case Qt::Key_PageDown:
        bar->triggerAction(QAbstractSlider::SliderPageStepAdd);
        return;
    case Qt::Key_Up:
    case Qt::Key_PageUp:
        bar->triggerAction(QAbstractSlider::SliderPageStepSub);
        return;
    case Qt::Key_Shift:
    case Qt::Key_Control:
    case Qt::Key_Alt:
    case Qt::Key_AltGr:
    case Qt::Key_Meta:
        return;
    default:
        close();
    }
}

void KeySheet::mousePressEvent(QMouseEvent* /*event*/)
{
    close();
}

} // namespace yarrow
