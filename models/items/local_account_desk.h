// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/account_desk.h"
#include "models/items/store_thread.h"

namespace yarrow {

/// AccountDesk on this workstation's store.
class LocalAccountDesk final : public AccountDesk
{
    Q_OBJECT
public:
    /// `own`: of who is signed in. The store must outlive it.
    LocalAccountDesk(StoreThread& store, AccountId own, QString clinicName, QObject* parent = nullptr);

    void list(QObject* context, Done<AccountList> done) override;
    void add(const NewAccount& account, QObject* context, Done<AccountId> done) override;
    void change(const AccountRow& seen, const AccountRow& wanted, const QString& reason, QObject* context,
                Done<void> done) override;
    void setPassword(const AccountId& account, const QString& password, QObject* context,
                     Done<void> done) override;
    void admit(const AccountId& account, const QString& password, QObject* context, Done<void> done) override;
    void changeOwnPassword(const QString& present, const QString& fresh, QObject* context,
                           Done<void> done) override;
    [[nodiscard]] Result<void> checkPassword(const QString& password, const QString& userName) const override;

Q_SIGNALS:
    void changeMade(); ///< the server is to be told

private:
    /// Runs a command that changes accounts, and tells afterwards, whether somebody still waits for it or
    /// not.
    template <class T>
    void write(std::function<Result<T>(Clinic&)> work, QObject* context, Done<T> done);

    StoreThread& m_store;
    AccountId m_own;
    QString m_clinicName;
};

} // namespace yarrow
