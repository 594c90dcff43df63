// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/notes.h"

#include "ui/widgets/controls.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace yarrow {

QString toneName(Tone tone)
{
    switch (tone) {
    case Tone::Plain:
        return QStringLiteral("plain");
    case Tone::Info:
        return QStringLiteral("info");
    case Tone::Good:
        return QStringLiteral("good");
    case Tone::Warn:
        return QStringLiteral("warn");
    case Tone::Bad:
        return QStringLiteral("bad");
    }
    return {};
}

ColorToken toneInk(Tone tone)
{
    switch (tone) {
    case Tone::Plain:
        return ColorToken::TextMuted;
    case Tone::Info:
        return ColorToken::Info;
    case Tone::Good:
        return ColorToken::Good;
    case Tone::Warn:
        return ColorToken::Warn;
    case Tone::Bad:
        return ColorToken::Bad;
    }
    return ColorToken::Text;
}

namespace {

QString toneIcon(Tone tone)
{
    switch (tone) {
    case Tone::Warn:
    case Tone::Bad:
        return QStringLiteral("warning");
    case Tone::Good:
        return QStringLiteral("check-circle");
    case Tone::Plain:
    case Tone::Info:
        return QStringLiteral("info");
    }
    return {};
}

} // namespace

NoteBox::NoteBox(QWidget* parent)
    : QFrame(parent)
    , m_icon(new IconLabel(QStringLiteral("info"), ColorToken::Info, 18))
    , m_text(makeParagraph({}))
{
    const Theme& theme = Theme::current();
    setObjectName(QStringLiteral("noteBox"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme.space(3), theme.space(2), theme.space(2), theme.space(2));
    row->setSpacing(theme.space(2));
    row->addWidget(m_icon, 0, Qt::AlignVCenter);
    row->addWidget(m_text, 1);
    hide();
}

void NoteBox::say(Tone tone, const QString& text)
{
    m_text->setText(text);
    m_icon->setIcon(toneIcon(tone), toneInk(tone));
    setLook(this, "look", QLatin1String("note-") + toneName(tone));
    setAccessibleName(text);
    setVisible(!text.isEmpty());
}

void NoteBox::setAction(const QString& text)
{
    if (m_action == nullptr) {
        if (text.isEmpty())
            return;
        m_action = makeButton(text, ButtonKind::Quiet, QStringLiteral("noteAction"));
        static_cast<QHBoxLayout*>(layout())->addWidget(m_action, 0, Qt::AlignVCenter);
        connect(m_action, &QPushButton::clicked, this, &NoteBox::actionTriggered);
    }
    m_action->setText(text);
    m_action->setAccessibleName(text);
    m_action->setVisible(!text.isEmpty());
}

QString NoteBox::text() const
{
    return m_text->text();
}

Chip::Chip(Tone tone, const QString& icon, const QString& text, QWidget* parent)
    : QFrame(parent)
    , m_icon(new IconLabel(icon, ColorToken::Text, 14))
    , m_text(makeLabel({}, TextStyle::Small))
{
    const Theme& theme = Theme::current();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme.space(2), theme.px(3), theme.space(2), theme.px(3));
    row->setSpacing(theme.space(1));
    row->addWidget(m_icon);
    row->addWidget(m_text);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    set(tone, icon, text);
}

void Chip::set(Tone tone, const QString& icon, const QString& text)
{
    m_icon->setVisible(!icon.isEmpty());
    if (!icon.isEmpty())
        m_icon->setIcon(icon, toneInk(tone));
    m_text->setText(text);
    setInk(m_text, toneInk(tone));
    setLook(this, "look", QLatin1String("chip-") + toneName(tone));
}

EmptyState::EmptyState(const QString& icon, const QString& title, const QString& sentence, QWidget* parent)
    : QWidget(parent)
    , m_icon(new IconLabel(icon, ColorToken::TextMuted, 40))
    , m_title(makeParagraph(title, TextStyle::Heading))
    , m_sentence(makeParagraph(sentence, TextStyle::Body, ColorToken::TextMuted))
{
    const Theme& theme = Theme::current();
    m_title->setAlignment(Qt::AlignHCenter);
    m_sentence->setAlignment(Qt::AlignHCenter);
    m_sentence->setMaximumWidth(theme.px(420));
    m_sentence->setMinimumWidth(theme.px(200));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.space(6), theme.space(6), theme.space(6), theme.space(6));
    column->setSpacing(theme.space(2));
    column->addStretch(2);
    column->addWidget(m_icon, 0, Qt::AlignHCenter);
    column->addSpacing(theme.space(2));
    column->addWidget(m_title);
    auto* centre = new QHBoxLayout;
    centre->addStretch(1);
    centre->addWidget(m_sentence, 20);
    centre->addStretch(1);
    column->addLayout(centre);
    column->addSpacing(theme.space(2));
    column->addStretch(3);
}

void EmptyState::set(const QString& icon, const QString& title, const QString& sentence)
{
    m_icon->setIcon(icon, ColorToken::TextMuted);
    m_title->setText(title);
    m_sentence->setText(sentence);
}

void EmptyState::setAction(const QString& text)
{
    if (m_action == nullptr) {
        if (text.isEmpty())
            return;
        m_action = makeButton(text, ButtonKind::Primary, QStringLiteral("emptyStateAction"));
        auto* column = static_cast<QVBoxLayout*>(layout());
        column->insertWidget(column->count() - 1, m_action, 0, Qt::AlignHCenter); // before the last stretch
        connect(m_action, &QPushButton::clicked, this, &EmptyState::actionTriggered);
    }
    m_action->setText(text);
    m_action->setAccessibleName(text);
    m_action->setVisible(!text.isEmpty());
}

} // namespace yarrow
