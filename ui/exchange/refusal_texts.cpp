// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/role.h"
#include "ui/exchange/exchange_texts.h"
#include "ui/widgets/texts.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>

namespace yarrow {
namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(yarrow::Texts)
};

struct Reason
{
    const char* code; ///< of docs/server-errors.md
    const char* text;
};

constexpr std::array kReasons{
    Reason{"role-refused",
           QT_TRANSLATE_NOOP("yarrow::Texts",
                             "The person who made this change may not do so any more. Somebody with that "
                             "right can make the change again, then give this one up.")},
    Reason{"author-unknown",
           QT_TRANSLATE_NOOP("yarrow::Texts",
                             "The server does not know who made this change. An administrator has to set up "
                             "the account there; then send it again.")},
    Reason{"author-disabled",
           QT_TRANSLATE_NOOP("yarrow::Texts",
                             "The account of who made this change was switched off. Somebody else can make "
                             "the change again, then give this one up.")},
    Reason{"outside-scope",
           QT_TRANSLATE_NOOP("yarrow::Texts",
                             "This workstation does not hold records of this kind. Make the change at one "
                             "that does.")},
    Reason{"slot-taken", QT_TRANSLATE_NOOP("yarrow::Texts",
                                           "The time is taken by another appointment. Choose another time.")},
    Reason{"mrn-taken",
           QT_TRANSLATE_NOOP("yarrow::Texts",
                             "The record number belongs to another patient. Correct the number.")},
    Reason{"body-too-large",
           QT_TRANSLATE_NOOP("yarrow::Texts",
                             "The record is larger than the server takes. Remove an attachment, then save it "
                             "again.")},
    Reason{"missing-element",
           QT_TRANSLATE_NOOP("yarrow::Texts",
                             "Something that the server requires is missing. Complete the record and save "
                             "it; it is sent again then.")},
    Reason{"bad-value", QT_TRANSLATE_NOOP("yarrow::Texts",
                                          "A value is not as the server requires it. Correct the record and "
                                          "save it; it is sent again then.")},
    Reason{"bad-code", QT_TRANSLATE_NOOP("yarrow::Texts",
                                         "The server does not know one of the codes in the record. Choose "
                                         "another and save it.")},
    Reason{"bad-date",
           QT_TRANSLATE_NOOP("yarrow::Texts",
                             "A date in the record cannot be understood. Correct it and save it.")},
    Reason{"bad-reference",
           QT_TRANSLATE_NOOP("yarrow::Texts",
                             "The record refers to another one that the server does not have. Send that "
                             "one first, or correct the record.")},
    Reason{"another-record",
           QT_TRANSLATE_NOOP("yarrow::Texts",
                             "The server says that it has such a record already, and it is not this one. "
                             "Look whether it is there twice; then correct this one or give it up.")},
    Reason{"not-found",
           QT_TRANSLATE_NOOP("yarrow::Texts",
                             "The server does not have this record any more. Save it again to send it as a "
                             "new one, or give the change up.")},
    Reason{"forbidden",
           QT_TRANSLATE_NOOP("yarrow::Texts",
                             "The server does not let this workstation see or change the record. Ask who "
                             "runs the server; the change is kept here until then.")},
    Reason{"not-offered",
           QT_TRANSLATE_NOOP("yarrow::Texts",
                             "The server does not offer to store records of this kind. The change is kept "
                             "here only.")},
    Reason{"deleted", QT_TRANSLATE_NOOP("yarrow::Texts", "The record was deleted at the server.")},
    Reason{"erased", QT_TRANSLATE_NOOP("yarrow::Texts",
                                       "The record was erased, as the law allows patients to demand. It "
                                       "must not come back: give this change up.")},
    Reason{"type-not-kept",
           QT_TRANSLATE_NOOP("yarrow::Texts", "The server does not keep records of this kind.")},
    Reason{"appointment-without-start",
           QT_TRANSLATE_NOOP("yarrow::Texts", "The appointment has no beginning. Give it a time.")},
    Reason{"appointment-without-end",
           QT_TRANSLATE_NOOP("yarrow::Texts", "The appointment has no end. Give it a length.")},
    Reason{"appointment-ends-before-start",
           QT_TRANSLATE_NOOP("yarrow::Texts", "The appointment ends before it begins. Correct its times.")},
    Reason{"appointment-too-long",
           QT_TRANSLATE_NOOP("yarrow::Texts", "The appointment is longer than the server allows.")},
    Reason{"nested-too-deeply",
           QT_TRANSLATE_NOOP("yarrow::Texts", "The record is more complicated than the server takes.")},
    Reason{"transaction-failed",
           QT_TRANSLATE_NOOP("yarrow::Texts", "It is sent together with another change, which was refused.")},
    Reason{
        "clinic-suspended",
        QT_TRANSLATE_NOOP("yarrow::Texts", "The clinic is closed at the server. Call your administrator.")},
};

Operation operationOf(WaitingRow::Change change) noexcept
{
    switch (change) {
    case WaitingRow::Change::Made:
        return Operation::Create;
    case WaitingRow::Change::Edited:
        break;
    case WaitingRow::Change::Deleted:
        return Operation::Delete;
    }
    return Operation::Update;
}

} // namespace

QString refusalText(const WaitingRow::Refusal& refusal)
{
    const auto known = std::find_if(kReasons.begin(), kReasons.end(), [&](const Reason& reason) {
        return refusal.code == QLatin1String(reason.code);
    });
    if (known != kReasons.end())
        return QCoreApplication::translate("yarrow::Texts", known->text);
    if (refusal.status == 403)
        return Texts::tr("The server does not allow this change. Ask your administrator who may make it.");
    if (refusal.status == 413)
        return Texts::tr("The record is larger than the server takes.");
    if (!refusal.message.isEmpty())
        return Texts::tr("The server did not take it. It says: “%1”").arg(refusal.message);
    return Texts::tr("The server did not take it (%1). Ask your administrator.").arg(refusal.status);
}

QString whoMayText(const WaitingRow& row)
{
    if (!row.refusal || (row.refusal->code != QLatin1String("role-refused") &&
                         row.refusal->code != QLatin1String("author-disabled")))
        return {};
    QStringList roles;
    for (const Role role : {Role::Receptionist, Role::Nurse, Role::Doctor, Role::Billing, Role::Admin}) {
        if (roleAllows(role, operationOf(row.change), areaOf(row.subject.type.toStdString())))
            roles.push_back(roleText(role));
    }
    return roles.isEmpty() ? QString()
                           : Texts::tr("It may be done by: %1.").arg(QLocale().createSeparatedList(roles));
}

} // namespace yarrow
