// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_account_desk.h"

#include "models/store/keys/password_rules.h"

#include <algorithm>

namespace yarrow {

namespace {

/// The server may have given somebody else the name that is on the screen.
Result<QString> userNameOf(Clinic& clinic, const AccountId& id)
{
    const auto accounts = clinic.accounts().list();
    if (!accounts)
        return fail(accounts.error());
    const auto account =
        std::find_if(accounts->begin(), accounts->end(), [&](const Account& one) { return one.id == id; });
    if (account == accounts->end())
        return fail(ErrorCode::NotFound, "account " + id.text());
    return QString::fromStdString(account->userName);
}

AccountRow rowOf(const ListedAccount& listed, const AccountId& own)
{
    AccountRow row;
    row.id = listed.account.id;
    row.userName = QString::fromStdString(listed.account.userName);
    row.name = QString::fromStdString(listed.account.displayName);
    row.role = listed.account.role;
    row.isActive = listed.account.active;
    row.isOwn = row.id == own;
    row.hasPasswordHere = listed.hasSlot;
    row.hasPasswordThere = listed.hasVerifier;
    row.waits = listed.waits;
    row.refusal = QString::fromStdString(listed.refusal);
    return row;
}

Account accountOf(const AccountRow& row)
{
    return {row.id, row.userName.toStdString(), row.name.toStdString(), row.role, row.isActive};
}

} // namespace

LocalAccountDesk::LocalAccountDesk(StoreThread& store, AccountId own, QString clinicName, QObject* parent)
    : AccountDesk(parent)
    , m_store(store)
    , m_own(std::move(own))
    , m_clinicName(std::move(clinicName))
{}

void LocalAccountDesk::list(QObject* context, Done<AccountList> done)
{
    m_store.run<AccountList>(
        context,
        [own = m_own](Clinic& clinic) -> Result<AccountList> {
            const auto accounts = clinic.accounts().listAll();
            if (!accounts)
                return fail(accounts.error());
            const auto link = clinic.enrolment().link();
            if (!link)
                return fail(link.error());
            const auto everybody = clinic.accounts().everybodySignsInHere();
            if (!everybody)
                return fail(everybody.error());
            AccountList list;
            for (const ListedAccount& listed : *accounts)
                list.accounts.push_back(rowOf(listed, own));
            list.hasServer = *link && (*link)->kind == ServerLink::Kind::Yarrow;
            list.everybodySignsIn = *everybody;
            return list;
        },
        std::move(done));
}

template <class T>
void LocalAccountDesk::write(std::function<Result<T>(Clinic&)> work, QObject* context, Done<T> done)
{
    m_store.run<T>(this, std::move(work),
                   [this, context = QPointer<QObject>(context), done = std::move(done)](Result<T> result) {
                       if (result) {
                           Q_EMIT changeMade();
                           Q_EMIT changed();
                       }
                       if (context)
                           done(std::move(result));
                   });
}

void LocalAccountDesk::add(const NewAccount& account, QObject* context, Done<AccountId> done)
{
    write<AccountId>(
        [account](Clinic& clinic) -> Result<AccountId> {
            const auto added = clinic.addUser(account.userName, account.name, account.role, account.password);
            return added ? Result<AccountId>(added->id) : fail(added.error());
        },
        context, std::move(done));
}

void LocalAccountDesk::change(const AccountRow& seen, const AccountRow& wanted, const QString& reason,
                              QObject* context, Done<void> done)
{
    AccountEdit edit;
    edit.seen = accountOf(seen);
    if (wanted.name != seen.name)
        edit.displayName = wanted.name.toStdString();
    if (wanted.role != seen.role)
        edit.role = wanted.role;
    if (wanted.isActive != seen.isActive)
        edit.active = wanted.isActive;
    write<void>(
        [edit, user = seen.userName.toStdString(), why = reason.toStdString()](Clinic& clinic) {
            const auto changed = clinic.accounts().change(user, edit, why);
            return changed ? Result<void>() : fail(changed.error());
        },
        context, std::move(done));
}

void LocalAccountDesk::setPassword(const AccountId& account, const QString& password, QObject* context,
                                   Done<void> done)
{
    write<void>(
        [account, password](Clinic& clinic) -> Result<void> {
            const auto userName = userNameOf(clinic, account);
            return userName ? clinic.setPassword(*userName, password) : fail(userName.error());
        },
        context, std::move(done));
}

void LocalAccountDesk::admit(const AccountId& account, const QString& password, QObject* context,
                             Done<void> done)
{
    write<void>(
        [account, password](Clinic& clinic) -> Result<void> {
            const auto userName = userNameOf(clinic, account);
            return userName ? clinic.admit(*userName, password) : fail(userName.error());
        },
        context, std::move(done));
}

void LocalAccountDesk::changeOwnPassword(const QString& present, const QString& fresh, QObject* context,
                                         Done<void> done)
{
    m_store.run<void>(
        context, [present, fresh](Clinic& clinic) { return clinic.changeOwnPassword(present, fresh); },
        std::move(done));
}

Result<void> LocalAccountDesk::checkPassword(const QString& password, const QString& userName) const
{
    return yarrow::checkPassword(password, {userName, m_clinicName});
}

} // namespace yarrow
