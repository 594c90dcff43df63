// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gate/sign_in_page.h"

#include "ui/gate/gate_card.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/new_password.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/password_edit.h"
#include "ui/widgets/texts.h"

#include <QComboBox>
#include <QLineEdit>
#include <QVBoxLayout>

namespace yarrow {

SignInPage::SignInPage(ClinicGate& gate, QWidget* parent)
    : QWidget(parent)
    , m_gate(gate)
    , m_title(makeLabel(tr("Sign in"), TextStyle::Heading))
    , m_user(new QComboBox)
    , m_password(new PasswordEdit)
    , m_note(new NoteBox)
    , m_demoNote(new NoteBox)
    , m_notice(new NoteBox)
    , m_submit(makeButton(tr("Sign in"), ButtonKind::Primary, QStringLiteral("signIn")))
{
    m_user->setEditable(true);
    m_user->setInsertPolicy(QComboBox::NoInsert);
    m_userField = new Field(tr("User name"), m_user, QStringLiteral("userName"));
    m_user->lineEdit()->setObjectName(QStringLiteral("userNameText"));
    m_user->lineEdit()->setAccessibleName(tr("User name"));
    m_passwordField = new Field(tr("Password"), m_password, QStringLiteral("password"));

    QVBoxLayout* column = makeGateCard(this, 420);
    column->addWidget(m_title);
    column->addWidget(m_notice);
    column->addWidget(m_demoNote);
    column->addWidget(m_userField);
    column->addWidget(m_passwordField);
    column->addWidget(m_note);
    column->addSpacing(Theme::current().space(1));
    column->addWidget(m_submit);
    m_notice->setObjectName(QStringLiteral("gateNotice"));
    m_demoNote->setObjectName(QStringLiteral("demoNote"));
    m_note->setObjectName(QStringLiteral("signInNote"));

    connect(m_submit, &QPushButton::clicked, this, &SignInPage::submit);
    connect(m_password, &QLineEdit::returnPressed, this, &SignInPage::submit);
    connect(m_user->lineEdit(), &QLineEdit::returnPressed, this, [this] { m_password->setFocus(); });
    connect(m_user, &QComboBox::editTextChanged, this, [this] { m_userField->setError({}); });
    connect(m_password, &QLineEdit::textChanged, this, [this] { m_passwordField->setError({}); });
    warnOfCapsLock(*m_password, *m_passwordField);
    connect(&m_gate, &ClinicGate::signInFailed, this, &SignInPage::showFailure);
    connect(&m_gate, &ClinicGate::signedIn, this, [this] {
        m_password->clear();
        setBusy(false);
    });
    connect(m_demoNote, &NoteBox::actionTriggered, this, [this] { signInAs(m_demoUser, m_demoPassword); });
    connect(&m_wait, &Countdown::ticked, this, &SignInPage::showWait);
}

void SignInPage::prepare(const QString& lastUser)
{
    const QStringList users = m_gate.userNames();
    m_user->clear();
    m_user->addItems(users);
    m_user->setCurrentText(users.contains(lastUser) ? lastUser
                           : users.size() == 1      ? users.front()
                                                    : QString());
    m_password->clear();
    m_password->setRevealed(false);
    m_passwordField->setError({});
    m_userField->setError({});
    m_note->say(Tone::Plain, {});
    setBusy(false);
}

void SignInPage::setDemo(const QString& userName, const QString& password)
{
    m_demoUser = userName;
    m_demoPassword = password;
    m_demoNote->say(Tone::Info,
                    tr("This is the demo clinic: invented people only. The user is “%1”, the password "
                       "“%2”.")
                        .arg(userName, password));
    m_demoNote->setAction(tr("Enter"));
}

void SignInPage::setLocked(bool locked)
{
    m_locked = locked;
    m_title->setText(locked ? tr("Locked") : tr("Sign in"));
    m_submit->setAccessibleName(locked ? tr("Unlock") : tr("Sign in"));
    setBusy(m_busy);
}

void SignInPage::setNotice(const QString& notice)
{
    m_notice->say(Tone::Warn, notice);
}

void SignInPage::signInAs(const QString& userName, const QString& password)
{
    m_user->setCurrentText(userName);
    m_password->setText(password);
    submit();
}

QString SignInPage::userName() const
{
    return m_user->currentText().trimmed();
}

void SignInPage::focusFirst()
{
    if (userName().isEmpty())
        m_user->setFocus();
    else
        m_password->setFocus();
}

void SignInPage::submit()
{
    if (m_busy || m_wait.left() > 0)
        return;
    m_userField->setError(userName().isEmpty() ? tr("Type your user name.") : QString());
    m_passwordField->setError(m_password->text().isEmpty() ? tr("Type your password.") : QString());
    if (m_userField->hasError() || m_passwordField->hasError()) {
        focusFirst();
        return;
    }
    setBusy(true);
    m_gate.signIn(userName(), m_password->text());
}

void SignInPage::showFailure(const Error& error)
{
    setBusy(false);
    m_password->clear();
    m_password->setFocus();
    if (error.code == ErrorCode::Throttled) {
        m_wait.start(QString::fromStdString(error.context).toInt());
    } else if (error.code == ErrorCode::WrongPassword || error.code == ErrorCode::NotFound) {
        // Which of the two was wrong is nobody's business.
        m_passwordField->setError(tr("User name and password do not match."));
    } else {
        m_note->say(Tone::Bad, sentence(error));
    }
}

void SignInPage::showWait()
{
    m_passwordField->setError(m_wait.sentence());
    m_submit->setEnabled(m_wait.left() == 0 && !m_busy);
}

void SignInPage::setBusy(bool busy)
{
    m_busy = busy;
    m_user->setEnabled(!busy);
    m_password->setEnabled(!busy);
    m_demoNote->setEnabled(!busy);
    m_submit->setEnabled(!busy && m_wait.left() == 0);
    m_submit->setText(busy ? tr("Opening…") : m_locked ? tr("Unlock") : tr("Sign in"));
}

} // namespace yarrow
