// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/account_desk.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace yarrow {

/// Accounts that a test arranges; it answers later, and fails when it is told to. Rules are the store's:
/// screens that change accounts are tested on the real one.
class MemoryAccountDesk final : public AccountDesk
{
public:
    AccountList kept;
    QString ownPassword;
    std::optional<Error> nextFailure; ///< of whatever is asked for next

    void list(QObject* context, Done<AccountList> done) override
    {
        answer<AccountList>(context, std::move(done), kept);
    }
    void add(const NewAccount& account, QObject* context, Done<AccountId> done) override
    {
        AccountRow row;
        row.id = AccountId::known(account.userName.toStdString());
        row.userName = account.userName;
        row.name = account.name;
        row.role = account.role;
        row.hasPasswordHere = true;
        kept.accounts.push_back(row);
        answer<AccountId>(context, std::move(done), row.id);
    }
    void change(const AccountRow& seen, const AccountRow& wanted, const QString& /*reason*/, QObject* context,
                Done<void> done) override
    {
        if (!nextFailure)
            std::replace(kept.accounts.begin(), kept.accounts.end(), seen, wanted);
        answer<void>(context, std::move(done), {});
    }
    void setPassword(const AccountId& /*account*/, const QString& /*password*/, QObject* context,
                     Done<void> done) override
    {
        answer<void>(context, std::move(done), {});
    }
    void admit(const AccountId& /*account*/, const QString& /*password*/, QObject* context,
               Done<void> done) override
    {
        answer<void>(context, std::move(done), {});
    }
    void changeOwnPassword(const QString& present, const QString& fresh, QObject* context,
                           Done<void> done) override
    {
        if (!nextFailure && present != ownPassword)
            nextFailure = Error{ErrorCode::WrongPassword, {}, {}};
        if (!nextFailure)
            ownPassword = fresh;
        answer<void>(context, std::move(done), {});
    }
    [[nodiscard]] Result<void> checkPassword(const QString& password,
                                             const QString& /*userName*/) const override
    {
        return password.size() < 12 ? Result<void>(fail(ErrorCode::WeakPassword, "length")) : Result<void>();
    }

private:
    template <class T>
    void answer(QObject* context, Done<T> done, Result<T> result)
    {
        if (const auto failure = std::exchange(nextFailure, std::nullopt))
            result = fail(*failure);
        QMetaObject::invokeMethod(
            context, [done = std::move(done), result = std::move(result)] { done(result); },
            Qt::QueuedConnection);
    }
};

} // namespace yarrow
