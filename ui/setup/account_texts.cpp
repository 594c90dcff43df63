// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/account_texts.h"

#include <QCoreApplication>

#include <algorithm>

namespace yarrow {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(yarrow::Texts)
};

bool isLetInHere(const AccountRow& row, const AccountList& list)
{
    return row.hasPasswordHere || (list.everybodySignsIn && row.hasPasswordThere);
}

bool lacksPasswordThere(const AccountRow& row, const AccountList& list)
{
    return list.hasServer && !row.hasPasswordThere;
}

} // namespace

QString calledText(const AccountRow& row)
{
    return row.name.isEmpty() ? row.userName : row.name;
}

QString roleRightsText(Role role)
{
    switch (role) {
    case Role::Admin:
        return Texts::tr("Patients, appointments, the clinic's setup, accounts; not the clinical record.");
    case Role::Doctor:
        return Texts::tr("Patients, appointments, the whole clinical record, prescriptions.");
    case Role::Nurse:
        return Texts::tr("Patients, appointments, the clinical record, vital signs; reads prescriptions.");
    case Role::Receptionist:
        return Texts::tr("Patients, appointments; reads and takes payments.");
    case Role::Billing:
        return Texts::tr("Reads patients and appointments; invoices and payments.");
    }
    return {};
}

bool isLastAdministrator(const AccountRow& row, const AccountList& list)
{
    const auto administers = [](const AccountRow& one) { return one.isActive && one.role == Role::Admin; };
    return administers(row) && std::none_of(list.accounts.begin(), list.accounts.end(), [&](const auto& one) {
               return one.id != row.id && administers(one);
           });
}

bool canBeLetIn(const AccountRow& row, const AccountList& list)
{
    return row.isActive && row.hasPasswordThere && !isLetInHere(row, list);
}

QString accountStateText(const AccountRow& row, const AccountList& list)
{
    if (!row.isActive)
        return Texts::tr("Disabled");
    if (!row.refusal.isEmpty())
        return Texts::tr("Refused");
    if (!isLetInHere(row, list))
        return row.hasPasswordThere ? Texts::tr("Not let in") : Texts::tr("No password");
    if (lacksPasswordThere(row, list))
        return Texts::tr("Only here");
    return row.waits ? Texts::tr("To be sent") : QString();
}

AccountNote accountNote(const AccountRow& row, const AccountList& list)
{
    if (!row.isActive)
        return {Tone::Plain,
                Texts::tr("This account is disabled: nobody signs in with it, at no workstation. "
                          "What this person did stays.")};
    if (!isLetInHere(row, list)) {
        if (row.hasPasswordThere)
            return {Tone::Info, Texts::tr("This person belongs to the clinic and does not sign in at this "
                                          "workstation yet. Let them in with their password, or give them a "
                                          "new one.")};
        return {Tone::Warn, Texts::tr("This person has no password and cannot sign in. Give them one.")};
    }
    if (lacksPasswordThere(row, list))
        return {Tone::Warn,
                row.isOwn ? Texts::tr("Your password is known at this workstation alone. To sign in at "
                                      "others, have another administrator give you a new one.")
                          : Texts::tr("The password of this person is known at this workstation alone. To "
                                      "sign in at others, they need a new one: give it to them here.")};
    if (row.waits)
        return {Tone::Info, Texts::tr("The other workstations learn of the last change with the next "
                                      "exchange.")};
    return {};
}

QString accountRefusalText(const AccountRow& row)
{
    if (row.refusal.isEmpty())
        return {};
    if (row.refusal == QLatin1String("user-name-taken"))
        return Texts::tr("At the server somebody else has the user name that was given here. So this person "
                         "has another one now, and signs in at this workstation alone.");
    if (row.refusal == QLatin1String("last-admin"))
        return Texts::tr("The server did not take the last change: the clinic would have had no "
                         "administrator any more. The account is as it was before.");
    if (row.refusal == QLatin1String("outside-scope"))
        return Texts::tr("The server did not take the last change: this workstation may not change "
                         "accounts. Make the change at one that may.");
    for (const char* code : {"admin-required", "author-disabled", "author-unknown", "author-required"}) {
        if (row.refusal == QLatin1String(code))
            return Texts::tr("The server did not take the last change: who made it may not change accounts "
                             "there. Another administrator can make it again.");
    }
    return Texts::tr("The server did not take the last change (%1). Ask who runs the server.")
        .arg(row.refusal);
}

QString lastAdministratorText()
{
    return Texts::tr("This is the last administrator, and stays one. Give somebody else that role first.");
}

} // namespace yarrow
