// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/new_password.h"

#include "ui/theme/theme.h"
#include "ui/widgets/field.h"
#include "ui/widgets/password_edit.h"
#include "ui/widgets/strength_bar.h"
#include "ui/widgets/texts.h"

#include <QVBoxLayout>

namespace yarrow {

void warnOfCapsLock(PasswordEdit& edit, Field& field)
{
    QObject::connect(&edit, &PasswordEdit::capsLockChanged, &field, [&field](bool on) {
        field.setWarning(on ? NewPassword::tr("Caps Lock seems to be on.") : QString());
    });
}

NewPassword::NewPassword(const QString& label, Check check, QWidget* parent)
    : QWidget(parent)
    , m_check(std::move(check))
    , m_password(new PasswordEdit)
    , m_again(new PasswordEdit)
    , m_strength(new StrengthBar)
    , m_passwordField(new Field(label, m_password, QStringLiteral("newPassword")))
    , m_againField(new Field(tr("Password again"), m_again, QStringLiteral("passwordAgain")))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::current().space(3));
    column->addWidget(m_passwordField);
    column->addWidget(m_strength);
    column->addWidget(m_againField);
    connect(m_password, &QLineEdit::textChanged, this, [this] { judge(false); });
    connect(m_password, &QLineEdit::editingFinished, this, [this] { judge(true); });
    connect(m_password, &QLineEdit::returnPressed, m_again,
            [this] { m_again->setFocus(Qt::TabFocusReason); });
    connect(m_again, &QLineEdit::textChanged, this, [this] { m_againField->setError({}); });
    connect(m_again, &QLineEdit::returnPressed, this, &NewPassword::submitted);
    warnOfCapsLock(*m_password, *m_passwordField);
    warnOfCapsLock(*m_again, *m_againField);
    judge(false);
}

QString NewPassword::password() const
{
    return m_password->text();
}

void NewPassword::judge(bool finished)
{
    const QString password = m_password->text();
    const auto accepted = m_check(password);
    m_strength->setPassword(password.size(), accepted.has_value());
    if (accepted || password.isEmpty()) {
        m_passwordField->setError({});
        m_passwordField->setHint(password.isEmpty()
                                     ? tr("At least 12 characters; a few words you remember are best.")
                                     : m_strength->words());
        return;
    }
    // While it is being typed, too short is no mistake yet.
    if (finished || accepted.error().context == "common") {
        m_passwordField->setError(sentence(accepted.error()));
    } else {
        m_passwordField->setError({});
        m_passwordField->setHint(
            tr("At least 12 characters: %n so far.", nullptr, static_cast<int>(password.size())));
    }
}

QWidget* NewPassword::wrong()
{
    judge(true);
    if (m_password->text().isEmpty())
        m_passwordField->setError(tr("Choose a password of at least 12 characters."));
    m_againField->setError(m_again->text() == m_password->text() ? QString()
                                                                 : tr("The two passwords are not the same."));
    if (m_passwordField->hasError())
        return m_password;
    return m_againField->hasError() ? m_again : nullptr;
}

void NewPassword::refuse(const QString& sentence)
{
    m_passwordField->setError(sentence);
    m_password->setFocus(Qt::OtherFocusReason);
}

void NewPassword::clear()
{
    for (PasswordEdit* edit : {m_password, m_again}) {
        edit->setText({}); // and not clear(), which could be undone
        edit->setRevealed(false);
    }
    m_againField->setError({});
    judge(false);
}

void NewPassword::focusFirst()
{
    m_password->setFocus(Qt::OtherFocusReason);
}

} // namespace yarrow
