// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/password_edit.h"

#include "ui/theme/theme.h"

#include <QAction>
#include <QKeyEvent>

namespace yarrow {

PasswordEdit::PasswordEdit(QWidget* parent)
    : QLineEdit(parent)
    , m_reveal(new QAction(this))
{
    m_reveal->setShortcut(QKeySequence(Qt::ALT | Qt::Key_R));
    m_reveal->setShortcutContext(Qt::WidgetShortcut);
    addAction(m_reveal, QLineEdit::TrailingPosition);
    connect(m_reveal, &QAction::triggered, this, [this] { setRevealed(!isRevealed()); });
    setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    setRevealed(false);
}

void PasswordEdit::setRevealed(bool revealed)
{
    setEchoMode(revealed ? QLineEdit::Normal : QLineEdit::Password);
    m_reveal->setIcon(
        Theme::icon(revealed ? QStringLiteral("eye-off") : QStringLiteral("eye"), ColorToken::TextMuted));
    m_reveal->setText(revealed ? tr("Hide the password (Alt+R)") : tr("Show the password (Alt+R)"));
}

void PasswordEdit::keyPressEvent(QKeyEvent* event)
{
    // Qt has no way to ask for the lock itself; a letter in the case that Shift does not explain gives it
    // away.
    const QString typed = event->text();
    if (event->key() == Qt::Key_CapsLock) {
        setCapsLock(false);
    } else if (typed.size() == 1 && typed.at(0).isLetter() && typed.toUpper() != typed.toLower()) {
        const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
        setCapsLock(typed.at(0).isUpper() != shift);
    }
    QLineEdit::keyPressEvent(event);
}

void PasswordEdit::setCapsLock(bool on)
{
    if (m_capsLock == on)
        return;
    m_capsLock = on;
    Q_EMIT capsLockChanged(on);
}

} // namespace yarrow
