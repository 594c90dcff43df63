// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/account_form.h"

#include "ui/setup/account_texts.h"
#include "ui/setup/question_box.h"
#include "ui/widgets/field.h"
#include "ui/widgets/new_password.h"
#include "ui/widgets/texts.h"

#include <QLineEdit>

// What of the form is written, and how the answers are taken.

namespace yarrow {

void AccountForm::add()
{
    setBusy(true);
    const AccountDesk::NewAccount account{m_user->text().trimmed(), m_name->text().trimmed(), chosenRole(),
                                          m_newPassword->password()};
    m_session.accounts().add(account, this,
                             [this, draft = draftName(), started = m_started](const Result<AccountId>& id) {
                                 if (id)
                                     m_session.saveDraft(draft, {});
                                 if (started != m_started)
                                     return;
                                 setBusy(false);
                                 if (!id) {
                                     showFailure(id.error());
                                     return;
                                 }
                                 m_newPassword->clear();
                                 showFields(m_base);
                                 Q_EMIT added(*id);
                             });
}

void AccountForm::askToDisable()
{
    m_asked = *m_row;
    m_asked->isActive = false;
    m_askedDone = tr("%1 is disabled.").arg(calledText(*m_row));
    m_question->ask(
        m_list.hasServer
            ? tr("%1 will sign in here no more, and at the other workstations from their next "
                 "exchange on, where they are signed out then. What they did stays. Whoever enables "
                 "them again gives them a new password.")
                  .arg(calledText(*m_row))
            : tr("%1 will sign in no more. What they did stays. Whoever enables them again gives them "
                 "a new password.")
                  .arg(calledText(*m_row)),
        tr("Disable"), tr("Keep enabled"));
    reveal(m_question);
}

void AccountForm::askForPassword(AccountPasswordBox::Wish wish)
{
    m_password->ask(wish, *m_row, m_list);
    reveal(m_password);
}

void AccountForm::change(const AccountRow& wanted, const QString& reason, const QString& done,
                         const QString& takeBack)
{
    if (m_busy)
        return;
    setBusy(true);
    saveDraft();
    const bool isTyped = wanted.name == m_name->text().trimmed() && wanted.role == chosenRole();
    m_session.accounts().change(*m_row, wanted, reason, this,
                                [this, before = *m_row, draft = draftName(), isTyped, done, takeBack,
                                 started = m_started](const Result<void>& result) {
                                    if (result && isTyped)
                                        m_session.saveDraft(draft, {});
                                    if (started != m_started)
                                        return;
                                    if (result && isTyped)
                                        m_base = typed();
                                    finish(result, done);
                                    if (result && !takeBack.isEmpty()) {
                                        m_before = before;
                                        say(Tone::Good, done, NoteAction::TakeBack, takeBack);
                                    }
                                });
}

void AccountForm::takeBack()
{
    AccountRow wanted = *m_row;
    wanted.name = m_before->name;
    wanted.role = m_before->role;
    wanted.isActive = m_before->isActive;
    change(wanted, {}, tr("%1 is as before.").arg(calledText(wanted)), {});
}

void AccountForm::setPassword(const QString& password)
{
    if (m_busy)
        return;
    setBusy(true);
    const bool isFresh = m_password->wish() == AccountPasswordBox::Wish::NewPassword;
    const QString done = (isFresh ? tr("%1 has a new password.") : tr("%1 signs in here from now on."))
                             .arg(calledText(*m_row));
    const auto answered = [this, done, started = m_started](const Result<void>& result) {
        if (started != m_started)
            return;
        if (!result && (result.error().code == ErrorCode::WrongPassword ||
                        result.error().code == ErrorCode::WeakPassword)) {
            setBusy(false);
            m_password->refuse(result.error());
            return;
        }
        if (result)
            m_password->dismiss();
        finish(result, done);
        if (result)
            focusFirst();
    };
    if (isFresh)
        m_session.accounts().setPassword(m_row->id, password, this, answered);
    else
        m_session.accounts().admit(m_row->id, password, this, answered);
}

void AccountForm::finish(const Result<void>& result, const QString& done)
{
    setBusy(false);
    if (result)
        say(Tone::Good, done);
    else
        showFailure(result.error());
}

void AccountForm::showFailure(const Error& error)
{
    switch (error.code) {
    case ErrorCode::AlreadyExists:
        m_userField->setError(tr("Somebody has this user name already, perhaps a disabled account."));
        m_user->setFocus(Qt::OtherFocusReason);
        return;
    case ErrorCode::WeakPassword:
        m_newPassword->refuse(sentence(error));
        return;
    case ErrorCode::Stale:
        say(Tone::Warn, tr("Somebody changed this account meanwhile. What you typed is still here: look and "
                           "save again."));
        Q_EMIT outdated();
        return;
    case ErrorCode::NotFound:
        say(Tone::Bad, tr("This account is not as it was any more: look again."));
        Q_EMIT outdated();
        return;
    case ErrorCode::InvalidArgument:
        if (error.context.find("last administrator") != std::string::npos) {
            say(Tone::Bad, lastAdministratorText());
            Q_EMIT outdated();
            return;
        }
        break;
    default:
        break;
    }
    say(Tone::Bad, sentence(error));
}

} // namespace yarrow
