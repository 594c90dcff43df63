// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/message_bar.h"

#include "ui/widgets/controls.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>

namespace yarrow {

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent)
    , m_box(new QFrame(this))
    , m_icon(new IconLabel(QStringLiteral("info"), ColorToken::Info))
    , m_text(makeParagraph({}, TextStyle::Body))
    , m_buttons(new QHBoxLayout)
{
    setObjectName(QStringLiteral("calendarMessage"));
    const Theme& theme = Theme::current();
    auto* close =
        makeIconButton(QStringLiteral("close"), tr("Dismiss the message"), QStringLiteral("closeMessage"));
    connect(close, &QToolButton::clicked, this, &MessageBar::clear);
    auto* room = new QHBoxLayout(this);
    room->setContentsMargins(theme.space(3), 0, theme.space(3), theme.space(2));
    room->addWidget(m_box);
    auto* row = new QHBoxLayout(m_box);
    row->setContentsMargins(theme.space(3), theme.space(1), theme.space(1), theme.space(1));
    row->setSpacing(theme.space(2));
    row->addWidget(m_icon);
    row->addWidget(m_text, 1);
    row->addLayout(m_buttons);
    row->addWidget(close);
    hide();
}

void MessageBar::say(Tone tone, const QString& text, const std::vector<Action>& actions)
{
    const bool isWarning = tone == Tone::Warn || tone == Tone::Bad;
    setLook(m_box, "look",
            tone == Tone::Bad    ? QStringLiteral("note-bad")
            : tone == Tone::Warn ? QStringLiteral("note-warn")
            : tone == Tone::Good ? QStringLiteral("note-good")
                                 : QStringLiteral("note-info"));
    m_icon->setIcon(isWarning ? QStringLiteral("warning") : QStringLiteral("info"),
                    tone == Tone::Bad    ? ColorToken::Bad
                    : tone == Tone::Warn ? ColorToken::Warn
                                         : ColorToken::Info);
    m_text->setText(text);
    setAccessibleName(text);
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        // One of them may be the very button whose click led here.
        item->widget()->hide();
        item->widget()->setObjectName({});
        item->widget()->deleteLater();
        delete item;
    }
    for (const Action& action : actions) {
        auto* button = makeButton(action.text, ButtonKind::Normal, action.name, this);
        connect(button, &QPushButton::clicked, this, [this, run = action.run] {
            clear();
            run();
        });
        m_buttons->addWidget(button);
    }
    show();
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void MessageBar::clear()
{
    m_text->clear();
    hide();
}

QString MessageBar::text() const
{
    return m_text->text();
}

} // namespace yarrow
