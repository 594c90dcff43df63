// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/id.h"
#include "models/domain/role.h"

#include <QObject>
#include <QString>

#include <functional>
#include <vector>

namespace yarrow {

/// Somebody who may sign in.
struct AccountRow
{
    AccountId id;
    QString userName; ///< 1 to 64 of A-Z a-z 0-9 . - _ @
    QString name;     ///< what colleagues call them; may be empty
    Role role = Role::Receptionist;
    bool isActive = true;
    bool isOwn = false;            ///< of who is signed in
    bool hasPasswordHere = false;  ///< a key slot at this workstation
    bool hasPasswordThere = false; ///< at the server, or on its way there; false without a server
    bool waits = false;            ///< a change of it is to be told to the server
    QString refusal;               ///< the server's code, if it refused the last change
    bool operator==(const AccountRow&) const = default;
};

struct AccountList
{
    std::vector<AccountRow> accounts; ///< by user name
    bool hasServer = false;           ///< accounts are exchanged with other workstations
    bool everybodySignsIn = false;    ///< who has a password at the server needs none here
};

/// People who may sign in, for administrators; and for everybody their own password. Lives on the GUI thread;
/// threads and callbacks as with ClinicSession.
class AccountDesk : public QObject
{
    Q_OBJECT
public:
    template <class T>
    using Done = std::function<void(Result<T>)>;

    using QObject::QObject;
    ~AccountDesk() override = default;

    virtual void list(QObject* context, Done<AccountList> done) = 0;

    struct NewAccount
    {
        QString userName;
        QString name;
        Role role = Role::Receptionist;
        QString password;
    };
    /// AlreadyExists for the user name; InvalidArgument; WeakPassword.
    virtual void add(const NewAccount& account, QObject* context, Done<AccountId> done) = 0;
    /// Name, role and whether it is active, as they are in `wanted`. Stale when the account is other than
    /// `seen`; InvalidArgument when nobody who is enabled would be an administrator. `reason` is for the
    /// audit and may be empty.
    virtual void change(const AccountRow& seen, const AccountRow& wanted, const QString& reason,
                        QObject* context, Done<void> done) = 0;
    /// Another person's new password: here at once, at other workstations with their next exchange.
    virtual void setPassword(const AccountId& account, const QString& password, QObject* context,
                             Done<void> done) = 0;
    /// Lets somebody sign in here who proves it with the password that the server knows. WrongPassword;
    /// NotFound when it knows none.
    virtual void admit(const AccountId& account, const QString& password, QObject* context,
                       Done<void> done) = 0;

    /// See Clinic::changeOwnPassword().
    virtual void changeOwnPassword(const QString& present, const QString& fresh, QObject* context,
                                   Done<void> done) = 0;
    /// WeakPassword ("length" or "common") or nothing, for showing beside the field while typing. At once.
    [[nodiscard]] virtual Result<void> checkPassword(const QString& password,
                                                     const QString& userName) const = 0;

Q_SIGNALS:
    void changed(); ///< accounts may be other than before: changed here, or an exchange was over
};

} // namespace yarrow
