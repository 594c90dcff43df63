// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/accounts_section.h"

#include "ui/setup/account_form.h"
#include "ui/setup/account_texts.h"
#include "ui/widgets/texts.h"

#include <algorithm>

namespace yarrow {

AccountsSection::AccountsSection(ClinicSession& session, AccountForm* form, QWidget* parent)
    : EntryFrame({QStringLiteral("account"), tr("Accounts"), tr("New account"),
                  tr("Choose an account to see and change it, or add one for somebody who is to sign in."),
                  tr("Show disabled ones")},
                 form, parent)
    , m_session(session)
    , m_form(form)
{
    connect(&session.accounts(), &AccountDesk::changed, this, [this] {
        if (isVisible())
            refresh();
    });
    connect(m_form, &AccountForm::outdated, this, &AccountsSection::refresh);
    connect(m_form, &AccountForm::added, this, [this](const AccountId& id) {
        m_toOpen = id;
        refresh();
        Q_EMIT notice(tr("The account is added."));
    });
}

void AccountsSection::refresh()
{
    m_session.accounts().list(this, [this, asked = ++m_asked](const Result<AccountList>& list) {
        if (asked == m_asked)
            take(list);
    });
}

void AccountsSection::take(const Result<AccountList>& list)
{
    sayInPlace(list ? QString() : sentence(list.error()));
    if (!list) {
        Q_EMIT notice(sentence(list.error()));
        return;
    }
    m_all = *list;
    m_rows = m_all.accounts;
    // What is open is listed, disabled or not.
    const AccountId opened = m_form->row() ? m_form->row()->id : AccountId();
    if (!showsInactive())
        std::erase_if(m_rows, [&](const AccountRow& row) {
            return !row.isActive && row.id != opened && row.id != m_toOpen;
        });
    for (const AccountRow& row : m_rows) {
        if (row.id == m_toOpen)
            openAccount(row);
        else if (!opened.isEmpty() && row.id == opened && !m_form->isBusy())
            m_form->readAgain(row, m_all);
    }
    m_toOpen = {};
    this->list();
}

void AccountsSection::list()
{
    std::vector<Line> lines;
    int opened = -1;
    for (const AccountRow& row : m_rows) {
        if (isFormShown() && m_form->row() && m_form->row()->id == row.id)
            opened = static_cast<int>(lines.size());
        const QString facts =
            joinFacts({row.userName, roleText(row.role), row.isOwn ? tr("you") : QString()});
        lines.push_back(
            {calledText(row), facts,
             AccountForm::hasDraft(m_session, row.id) ? tr("Not saved yet") : accountStateText(row, m_all)});
    }
    showLines(lines, opened);
}

void AccountsSection::openAccount(const AccountRow& row)
{
    saveDraft();
    m_form->start(row, m_all);
    showForm();
}

void AccountsSection::openRow(int row)
{
    openAccount(m_rows[static_cast<std::size_t>(row)]);
}

void AccountsSection::startNew()
{
    openAccount({});
    list();
    m_form->focusFirst();
}

void AccountsSection::focusForm()
{
    m_form->focusFirst();
}

void AccountsSection::saveDraft()
{
    if (isFormShown() && !m_form->isBusy())
        m_form->saveDraft();
}

} // namespace yarrow
