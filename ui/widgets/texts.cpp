// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/texts.h"

#include "models/items/clinic_session.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QGuiApplication>
#include <QLocale>

namespace yarrow {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(yarrow::Texts)
};

constexpr int kMonthsUpToYears = 2; ///< from the second birthday on, age is told in years

} // namespace

QDateTime localTime(Instant instant, const QTimeZone& zone)
{
    return QDateTime::fromMSecsSinceEpoch(instant.time_since_epoch().count(), zone);
}

QString dateText(QDate date)
{
    const QLocale locale;
    QString format = locale.dateFormat(QLocale::ShortFormat);
    if (!format.contains(QLatin1String("yyyy")))
        format.replace(QLatin1String("yy"), QLatin1String("yyyy"));
    return locale.toString(date, format);
}

QString dateText(const PartialDate& date)
{
    switch (date.precision()) {
    case PartialDate::Precision::None:
        return {};
    case PartialDate::Precision::Year:
        return QString::number(date.earliest().year());
    case PartialDate::Precision::Month:
        return QLocale().toString(date.earliest(), QStringLiteral("MMM yyyy"));
    case PartialDate::Precision::Day:
        return dateText(date.earliest());
    }
    return {};
}

QString longDateText(const PartialDate& date)
{
    switch (date.precision()) {
    case PartialDate::Precision::None:
        return {};
    case PartialDate::Precision::Year:
        return QString::number(date.earliest().year());
    case PartialDate::Precision::Month:
        return QLocale().toString(date.earliest(), QStringLiteral("MMMM yyyy"));
    case PartialDate::Precision::Day:
        return QLocale().toString(date.earliest(), QStringLiteral("d MMMM yyyy"));
    }
    return {};
}

QString timeText(QTime time)
{
    QString format = QLocale().timeFormat(QLocale::ShortFormat);
    format.remove(QLatin1String(":ss")); // some locales count the seconds even in the short form
    return QLocale().toString(time, format);
}

QString whenText(const QDateTime& time)
{
    return Texts::tr("%1, %2", "day and time")
        .arg(QLocale().toString(time.date(), Texts::tr("ddd d MMM yyyy")), timeText(time.time()));
}

QString ageText(const PartialDate& birth, QDate today)
{
    const auto years = ageInYears(birth, today);
    if (!years || *years < 0)
        return {};
    if (*years >= kMonthsUpToYears || birth.precision() != PartialDate::Precision::Day)
        return Texts::tr("%n years", nullptr, *years);
    const QDate born = birth.earliest();
    const int months =
        (today.year() - born.year()) * 12 + today.month() - born.month() - (today.day() < born.day() ? 1 : 0);
    if (months >= 1)
        return Texts::tr("%n months", nullptr, months);
    return Texts::tr("%n days", nullptr, static_cast<int>(born.daysTo(today)));
}

QString sexText(Sex sex)
{
    switch (sex) {
    case Sex::Unknown:
        return Texts::tr("Not recorded");
    case Sex::Female:
        return Texts::tr("Female");
    case Sex::Male:
        return Texts::tr("Male");
    case Sex::Other:
        return Texts::tr("Other");
    }
    return {};
}

QString roleText(Role role)
{
    switch (role) {
    case Role::Admin:
        return Texts::tr("Administrator");
    case Role::Doctor:
        return Texts::tr("Doctor");
    case Role::Nurse:
        return Texts::tr("Nurse");
    case Role::Receptionist:
        return Texts::tr("Reception");
    case Role::Billing:
        return Texts::tr("Billing");
    }
    return {};
}

QString statusText(AppointmentStatus status)
{
    switch (status) {
    case AppointmentStatus::Proposed:
        return Texts::tr("Proposed");
    case AppointmentStatus::Pending:
        return Texts::tr("Pending");
    case AppointmentStatus::Booked:
        return Texts::tr("Booked");
    case AppointmentStatus::Arrived:
        return Texts::tr("Arrived");
    case AppointmentStatus::Fulfilled:
        return Texts::tr("Done");
    case AppointmentStatus::Cancelled:
        return Texts::tr("Cancelled");
    case AppointmentStatus::NoShow:
        return Texts::tr("Did not come");
    case AppointmentStatus::EnteredInError:
        return Texts::tr("Entered in error");
    case AppointmentStatus::CheckedIn:
        return Texts::tr("In room");
    case AppointmentStatus::Waitlist:
        return Texts::tr("Waiting list");
    }
    return {};
}

QString contactUseText(ContactPoint::Use use)
{
    switch (use) {
    case ContactPoint::Use::Home:
        return Texts::tr("Home");
    case ContactPoint::Use::Work:
        return Texts::tr("Work");
    case ContactPoint::Use::Temp:
        return Texts::tr("Temporary");
    case ContactPoint::Use::Old:
        return Texts::tr("No longer used");
    case ContactPoint::Use::Mobile:
        return Texts::tr("Mobile");
    case ContactPoint::Use::Unset:
        return Texts::tr("Other");
    }
    return {};
}

QString joinFacts(const QStringList& facts)
{
    // Each fact keeps its own direction: without the isolates a number at its start would stand at the wrong
    // end.
    const bool isolate = QGuiApplication::isRightToLeft();
    QStringList parts;
    for (const QString& fact : facts) {
        if (!fact.isEmpty())
            parts << (isolate ? QChar(0x2068) + fact + QChar(0x2069) : fact);
    }
    return parts.join(QStringLiteral(" · "));
}

QString personFacts(const PatientRow& row, QDate today)
{
    QStringList facts;
    if (!row.active) // first, where it is never cut off
        facts << Texts::tr("Record not in use");
    if (!row.birthDate.isEmpty())
        facts << dateText(row.birthDate);
    if (row.deceased)
        facts << Texts::tr("Deceased");
    else if (const QString age = ageText(row.birthDate, today); !age.isEmpty())
        facts << age;
    if (row.sex != Sex::Unknown)
        facts << sexText(row.sex);
    if (!row.mrn.isEmpty())
        facts << Texts::tr("MRN %1").arg(row.mrn);
    return joinFacts(facts);
}

QString patientFacts(const PatientRow& row, QDate today)
{
    return joinFacts({personFacts(row, today), row.phone});
}

QString sentence(const Error& error)
{
    switch (error.code) {
    case ErrorCode::InvalidArgument:
        return Texts::tr("Something in the form cannot be kept as it is.");
    case ErrorCode::NotFound:
        return Texts::tr("This record is not on this workstation any more.");
    case ErrorCode::AlreadyExists:
        return Texts::tr("There is one already.");
    case ErrorCode::Stale:
        return Texts::tr("Somebody else changed this record in the meantime. Nothing was overwritten.");
    case ErrorCode::SlotTaken:
        return Texts::tr("That time is already taken.");
    case ErrorCode::Erased:
        return Texts::tr(
            "This record was erased at the patient's demand. It cannot be changed or made again.");
    case ErrorCode::Forbidden:
        return Texts::tr("Your role does not allow this.");
    case ErrorCode::Throttled:
        return Texts::tr("Too many attempts. Please wait a moment.");
    case ErrorCode::WrongPassword:
        return Texts::tr("User name and password do not match.");
    case ErrorCode::WeakPassword:
        return error.context == "common"
                   ? Texts::tr("This password is on the list of common ones. Choose another.")
                   : Texts::tr("A password needs at least 12 characters.");
    case ErrorCode::KeyStoreUnavailable:
        return Texts::tr("The key store of this computer does not answer. Unlock it, then try again.");
    case ErrorCode::KeyFileDamaged:
        return Texts::tr("The key file of this clinic is damaged. Restore it from a backup.");
    case ErrorCode::DatabaseDamaged:
        return Texts::tr(
            "The database of this clinic is damaged. Nothing was changed; restore it from a backup.");
    case ErrorCode::DatabaseNewer:
        return Texts::tr(
            "This clinic was last used with a newer version of Yarrow. Update Yarrow to open it.");
    case ErrorCode::DatabaseBusy:
        return Texts::tr("Yarrow is already open with this clinic. Close the other window first.");
    case ErrorCode::DiskFull:
        return Texts::tr("The disk is full. Nothing was saved; make room and try again.");
    case ErrorCode::Io:
        return Texts::tr("A file could not be read or written. Nothing was changed.");
    case ErrorCode::InvalidJson:
    case ErrorCode::LimitExceeded:
    case ErrorCode::InvalidResource:
        return Texts::tr("The record cannot be read.");
    case ErrorCode::Crypto:
        return Texts::tr("The data could not be encrypted or decrypted. Nothing was changed.");
    case ErrorCode::Cancelled:
        return Texts::tr("Stopped. Nothing was changed.");
    case ErrorCode::Unsupported:
        return Texts::tr("This version of Yarrow cannot do that.");
    }
    return {};
}

} // namespace yarrow
