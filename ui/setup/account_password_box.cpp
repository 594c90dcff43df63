// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/account_password_box.h"

#include "ui/setup/account_texts.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/new_password.h"
#include "ui/widgets/password_edit.h"
#include "ui/widgets/texts.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QVBoxLayout>

namespace yarrow {

AccountPasswordBox::AccountPasswordBox(AccountDesk& desk, QWidget* parent)
    : QFrame(parent)
    , m_desk(desk)
    , m_title(makeLabel({}, TextStyle::Strong))
    , m_meaning(makeParagraph({}, TextStyle::Small, ColorToken::TextMuted))
    , m_fresh(new NewPassword(
          tr("New password"),
          [this](const QString& password) { return m_desk.checkPassword(password, m_userName); }))
    , m_theirs(new PasswordEdit)
    , m_theirsField(new Field(tr("Their password"), m_theirs, QStringLiteral("theirPassword")))
    , m_confirm(makeButton({}, ButtonKind::Primary, QStringLiteral("accountPasswordConfirm")))
{
    const Theme& theme = Theme::current();
    setObjectName(QStringLiteral("accountPasswordBox"));
    setProperty("look", QStringLiteral("note-plain"));
    m_meaning->setObjectName(QStringLiteral("accountPasswordMeaning"));
    auto* cancel = makeButton(tr("Cancel"), ButtonKind::Normal, QStringLiteral("accountPasswordCancel"));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme.space(2));
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_confirm);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.space(3), theme.space(3), theme.space(3), theme.space(3));
    column->setSpacing(theme.space(2));
    column->addWidget(m_title);
    column->addWidget(m_fresh);
    column->addWidget(m_theirsField);
    column->addWidget(m_meaning);
    column->addLayout(buttons);
    connect(m_fresh, &NewPassword::submitted, this, &AccountPasswordBox::confirm);
    connect(m_theirs, &QLineEdit::returnPressed, this, &AccountPasswordBox::confirm);
    connect(m_theirs, &QLineEdit::textEdited, this, [this] { m_theirsField->setError({}); });
    connect(m_confirm, &QPushButton::clicked, this, &AccountPasswordBox::confirm);
    connect(cancel, &QPushButton::clicked, this, [this] {
        dismiss();
        Q_EMIT dismissed();
    });
    warnOfCapsLock(*m_theirs, *m_theirsField);
    hide();
}

void AccountPasswordBox::ask(Wish wish, const AccountRow& account, const AccountList& list)
{
    dismiss();
    m_wish = wish;
    m_userName = account.userName;
    const bool isFresh = wish == Wish::NewPassword;
    m_title->setText((isFresh ? tr("A new password for %1") : tr("Let %1 in")).arg(calledText(account)));
    setAccessibleName(m_title->text());
    m_fresh->setVisible(isFresh);
    m_theirsField->setVisible(!isFresh);
    m_confirm->setText(isFresh ? tr("Set the password") : tr("Let in"));
    m_meaning->setText(
        !isFresh ? tr("They type the password they have at the other workstations. From then on they sign in "
                      "here with it, without a connection too.")
        : list.hasServer
            ? tr("It holds here at once. At the other workstations the old one opens nothing after their "
                 "next "
                 "exchange, and whoever is signed in with it is signed out; somebody lets them in there with "
                 "the new one. Tell it to them in person.")
            : tr("It holds at once, and the old one opens nothing any more. Tell it to them in person: they "
                 "can change it."));
    show();
    if (isFresh)
        m_fresh->focusFirst();
    else
        m_theirs->setFocus(Qt::OtherFocusReason);
}

void AccountPasswordBox::dismiss()
{
    m_fresh->clear();
    m_theirs->setText({}); // and not clear(), which could be undone
    m_theirs->setRevealed(false);
    m_theirsField->setError({});
    hide();
}

void AccountPasswordBox::confirm()
{
    if (m_wish == Wish::NewPassword) {
        if (QWidget* wrong = m_fresh->wrong())
            wrong->setFocus(Qt::OtherFocusReason);
        else
            Q_EMIT confirmed(m_fresh->password());
        return;
    }
    m_theirsField->setError(m_theirs->text().isEmpty() ? tr("They have to type their password.") : QString());
    if (m_theirsField->hasError())
        m_theirs->setFocus(Qt::OtherFocusReason);
    else
        Q_EMIT confirmed(m_theirs->text());
}

void AccountPasswordBox::refuse(const Error& error)
{
    if (m_wish == Wish::NewPassword) {
        m_fresh->refuse(sentence(error));
        return;
    }
    m_theirs->setText({});
    m_theirsField->setError(error.code == ErrorCode::WrongPassword
                                ? tr("This is not the password they have at the other workstations.")
                                : sentence(error));
    m_theirs->setFocus(Qt::OtherFocusReason);
}

void AccountPasswordBox::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && event->modifiers() == Qt::NoModifier) {
        dismiss();
        Q_EMIT dismissed();
        event->accept();
        return;
    }
    QFrame::keyPressEvent(event);
}

} // namespace yarrow
