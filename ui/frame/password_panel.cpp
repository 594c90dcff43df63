// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/password_panel.h"

#include "models/items/account_desk.h"
#include "models/items/exchange_desk.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/new_password.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/password_edit.h"
#include "ui/widgets/texts.h"

#include <QHBoxLayout>
#include <QShortcut>
#include <QVBoxLayout>

namespace yarrow {

namespace {

constexpr int kWidth = 460; ///< at 100 %

} // namespace

PasswordPanel::PasswordPanel(ClinicSession& session, QWidget* parent)
    : SidePanel(tr("Change my password"), parent)
    , m_session(session)
    , m_note(new NoteBox)
    , m_present(new PasswordEdit)
    , m_presentField(new Field(tr("Present password"), m_present, QStringLiteral("presentPassword")))
    , m_fresh(new NewPassword(tr("New password"),
                              [&session](const QString& password) {
                                  return session.accounts().checkPassword(password, session.user().user);
                              }))
    , m_meaning(makeParagraph({}, TextStyle::Small, ColorToken::TextMuted))
    , m_submit(makeButton(tr("Change password"), ButtonKind::Primary, QStringLiteral("changePassword")))
{
    setObjectName(QStringLiteral("passwordPanel"));
    setMinimumWidth(Theme::current().px(kWidth));
    setMaximumWidth(Theme::current().px(kWidth));
    m_note->setObjectName(QStringLiteral("passwordNote"));
    m_meaning->setObjectName(QStringLiteral("passwordMeaning"));
    m_submit->setToolTip(tr("Ctrl+Enter"));
    body()->addWidget(makeLabel(tr("Signed in as %1").arg(session.user().user), TextStyle::Strong));
    body()->addWidget(m_note);
    body()->addWidget(m_presentField);
    body()->addWidget(m_fresh);
    body()->addWidget(m_meaning);
    body()->addStretch(1);
    foot()->addStretch(1);
    foot()->addWidget(m_submit);
    connect(m_submit, &QPushButton::clicked, this, &PasswordPanel::submit);
    connect(m_present, &QLineEdit::returnPressed, m_fresh, &NewPassword::focusFirst);
    connect(m_present, &QLineEdit::textEdited, this, [this] {
        if (m_wait.left() == 0)
            m_presentField->setError({});
    });
    connect(m_fresh, &NewPassword::submitted, this, &PasswordPanel::submit);
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, &PasswordPanel::submit);
    }
    connect(&m_wait, &Countdown::ticked, this, &PasswordPanel::showWait);
    warnOfCapsLock(*m_present, *m_presentField);
}

void PasswordPanel::open()
{
    m_meaning->setText(
        m_session.exchange().status().hasServer
            ? tr("This holds at this workstation. At the others you go on with the password you have there. "
                 "If "
                 "somebody may know it, ask an administrator for a new one: that replaces the old one at all "
                 "workstations.")
            : tr("The old password opens nothing here from then on, without a connection too."));
}

void PasswordPanel::focusFirst()
{
    m_present->setFocus(Qt::OtherFocusReason);
}

void PasswordPanel::clear()
{
    m_present->setText({}); // and not clear(), which could be undone
    m_present->setRevealed(false);
    if (m_wait.left() == 0)
        m_presentField->setError({});
    m_fresh->clear();
    m_note->say(Tone::Plain, {});
}

void PasswordPanel::submit()
{
    if (m_busy || m_wait.left() > 0)
        return;
    m_note->say(Tone::Plain, {});
    m_presentField->setError(m_present->text().isEmpty() ? tr("Type your present password.") : QString());
    QWidget* wrong = m_fresh->wrong();
    if (m_presentField->hasError())
        wrong = m_present;
    if (wrong != nullptr) {
        wrong->setFocus(Qt::OtherFocusReason);
        return;
    }
    setBusy(true);
    m_session.accounts().changeOwnPassword(m_present->text(), m_fresh->password(), this,
                                           [this](const Result<void>& result) { finish(result); });
}

void PasswordPanel::finish(const Result<void>& result)
{
    setBusy(false);
    if (result) {
        clear();
        Q_EMIT passwordChanged();
        return;
    }
    focusFirst();
    const Error& error = result.error();
    switch (error.code) {
    case ErrorCode::WrongPassword:
        m_present->setText({});
        m_presentField->setError(tr("This is not your present password."));
        return;
    case ErrorCode::Throttled:
        m_wait.start(QString::fromStdString(error.context).toInt());
        return;
    case ErrorCode::WeakPassword:
        m_fresh->refuse(sentence(error));
        return;
    case ErrorCode::InvalidArgument:
        m_fresh->refuse(tr("This is the password you have already. Choose another."));
        return;
    case ErrorCode::Forbidden:
        m_note->say(Tone::Bad,
                    tr("An administrator has replaced your password. Lock, and sign in with the new "
                       "one."));
        return;
    case ErrorCode::Unsupported:
        m_note->say(Tone::Warn, tr("At this workstation everybody signs in with the clinic's password, which "
                                   "the server keeps. Ask an administrator for a new one: it holds at all "
                                   "workstations."));
        return;
    case ErrorCode::Stale:
        m_note->say(Tone::Warn,
                    tr("Somebody else's password was changed at the same moment. Please try again."));
        return;
    default:
        m_note->say(Tone::Bad, sentence(error));
    }
}

void PasswordPanel::setBusy(bool busy)
{
    m_busy = busy;
    m_presentField->setEnabled(!busy);
    m_fresh->setEnabled(!busy);
    m_submit->setEnabled(!busy && m_wait.left() == 0);
    m_submit->setText(busy ? tr("Changing…") : tr("Change password"));
}

void PasswordPanel::showWait()
{
    m_presentField->setError(m_wait.sentence());
    m_submit->setEnabled(m_wait.left() == 0 && !m_busy);
}

} // namespace yarrow
