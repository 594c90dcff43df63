// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/field.h"

#include "ui/widgets/controls.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace yarrow {

Field::Field(const QString& label, QWidget* control, const QString& name, QWidget* parent)
    : QWidget(parent)
    , m_control(control)
    , m_message(makeParagraph({}, TextStyle::Small, ColorToken::TextMuted))
    , m_messageRow(new QWidget(this))
    , m_icon(new IconLabel(QStringLiteral("warning"), ColorToken::Bad, 14))
{
    const Theme& theme = Theme::current();
    control->setObjectName(name);
    control->setAccessibleName(label);
    auto* caption = makeLabel(label, TextStyle::Small, ColorToken::TextMuted, this);
    caption->setBuddy(control);

    auto* row = new QHBoxLayout(m_messageRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme.space(1));
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addWidget(m_message, 1);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.space(1));
    column->addWidget(caption);
    column->addWidget(control);
    column->addWidget(m_messageRow);
    showMessage();
}

void Field::setHint(const QString& hint)
{
    m_hint = hint;
    showMessage();
}

void Field::setError(const QString& sentence)
{
    m_error = sentence;
    showMessage();
}

void Field::setWarning(const QString& sentence)
{
    m_warning = sentence;
    showMessage();
}

void Field::showMessage()
{
    const bool wrong = !m_error.isEmpty();
    const bool warned = !wrong && !m_warning.isEmpty();
    const QString text = wrong ? m_error : warned ? m_warning : m_hint;
    m_message->setText(text);
    setInk(m_message, wrong ? ColorToken::Bad : warned ? ColorToken::Warn : ColorToken::TextMuted);
    m_icon->setIcon(QStringLiteral("warning"), wrong ? ColorToken::Bad : ColorToken::Warn);
    m_icon->setVisible(wrong || warned);
    m_messageRow->setVisible(!text.isEmpty());
    m_control->setAccessibleDescription(text);
    setLook(m_control, "invalid", wrong);
}

} // namespace yarrow
