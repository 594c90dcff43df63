// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/account_desk.h"
#include "models/items/clinic_session.h"
#include "ui/setup/entry_frame.h"

#include <vector>

namespace yarrow {

class AccountForm;

/// Who may sign in: the list of accounts and the form of the one that is chosen. For administrators.
class AccountsSection final : public EntryFrame
{
    Q_OBJECT
public:
    /// Takes the form over.
    AccountsSection(ClinicSession& session, AccountForm* form, QWidget* parent = nullptr);

    void refresh() override;
    void saveDraft() override;
    void startNew() override;
    [[nodiscard]] AccountForm& form() noexcept { return *m_form; }

private:
    void list() override;
    void openRow(int row) override;
    void focusForm() override;
    void take(const Result<AccountList>& list);
    void openAccount(const AccountRow& row);

    ClinicSession& m_session;
    AccountForm* m_form;
    AccountList m_all;
    std::vector<AccountRow> m_rows; ///< as listed
    AccountId m_toOpen;             ///< once it is listed
    int m_asked = 0;                ///< an answer to an older question is not shown
};

} // namespace yarrow
