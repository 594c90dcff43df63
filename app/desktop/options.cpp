// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/options.h"

#include "app/profile_folder.h"

#include <QCommandLineParser>
#include <QCoreApplication>

namespace yarrow {

namespace {

struct Options
{
    Q_DECLARE_TR_FUNCTIONS(yarrow::Options)
};

std::optional<Theme::Scheme> schemeNamed(const QString& name)
{
    if (name.isEmpty() || name == QLatin1String("system"))
        return Theme::Scheme::System;
    if (name == QLatin1String("light"))
        return Theme::Scheme::Light;
    if (name == QLatin1String("dark"))
        return Theme::Scheme::Dark;
    return std::nullopt;
}

} // namespace

QString noticeText(const QString& code)
{
    if (code == QLatin1String("wiped"))
        return Options::tr(
            "The clinic's administrator has removed this workstation: its records are deleted. "
            "Changes that had not been sent stay here, encrypted; the administrator can read "
            "them with the recovery code.");
    if (code == QLatin1String("revoked"))
        return Options::tr(
            "The clinic's administrator has shut this workstation out. What was not sent is kept here; "
            "when it is enrolled again, it is sent.");
    if (code == QLatin1String("account-disabled"))
        return Options::tr("Your account was disabled. Changes that had not been sent are kept and are sent, "
                           "or await the administrator.");
    if (code == QLatin1String("role-changed"))
        return Options::tr("What you may do has changed. Sign in again to go on.");
    if (code == QLatin1String("password-replaced"))
        return Options::tr(
            "Your password was replaced. An administrator lets you sign in here with the new one.");
    return {};
}

ParsedOptions parseOptions(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(Options::tr("Local-first desktop application for medical clinics"));
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    const QCommandLineOption profile(QStringLiteral("profile"),
                                     Options::tr("Folder that holds the clinic's data."),
                                     QStringLiteral("DIR"), defaultProfileFolder());
    const QCommandLineOption theme(QStringLiteral("theme"),
                                   Options::tr("light, dark or system; YARROW_THEME says it too."),
                                   QStringLiteral("NAME"), qEnvironmentVariable("YARROW_THEME"));
    const QCommandLineOption scale(QStringLiteral("scale"),
                                   Options::tr("Size of text in percent, 75 to 200."),
                                   QStringLiteral("PERCENT"), QStringLiteral("100"));
    const QCommandLineOption language(
        QStringLiteral("lang"), Options::tr("Language and country, like de_DE."), QStringLiteral("CODE"));
    const QCommandLineOption rightToLeft(QStringLiteral("rtl"),
                                         Options::tr("Mirror the window right to left."));
    const QCommandLineOption tour(
        QStringLiteral("tour"),
        Options::tr("Walk through every screen, save a picture of each in DIR, and end."),
        QStringLiteral("DIR"));
    QCommandLineOption locked(QStringLiteral("locked"));
    locked.setFlags(QCommandLineOption::HiddenFromHelp);
    QCommandLineOption notice(QStringLiteral("notice"), {}, QStringLiteral("CODE"));
    notice.setFlags(QCommandLineOption::HiddenFromHelp);
    parser.addOptions({profile, theme, scale, language, rightToLeft, tour, locked, notice});

    ParsedOptions parsed;
    const auto refuse = [&parsed](const QString& message) {
        parsed.message = message;
        parsed.exitCode = 2;
    };
    if (!parser.parse(arguments)) {
        refuse(parser.errorText());
        return parsed;
    }
    if (parser.isSet(help)) {
        parsed.message = parser.helpText();
        return parsed;
    }
    if (parser.isSet(version)) {
        parsed.message = QStringLiteral("yarrow %1").arg(QCoreApplication::applicationVersion());
        return parsed;
    }
    bool isNumber = false;
    DesktopOptions& options = parsed.options;
    options.scale = parser.value(scale).toInt(&isNumber);
    const auto scheme = schemeNamed(parser.value(theme));
    if (!isNumber || options.scale < 75 || options.scale > 200)
        refuse(Options::tr("--scale takes a number from 75 to 200."));
    else if (!scheme)
        refuse(Options::tr("--theme takes light, dark or system."));
    else if (!parser.positionalArguments().isEmpty())
        refuse(Options::tr("Unexpected argument: %1").arg(parser.positionalArguments().constFirst()));
    options.scheme = scheme.value_or(Theme::Scheme::System);
    options.profile = parser.value(profile);
    options.language = parser.value(language);
    options.rightToLeft = parser.isSet(rightToLeft);
    options.tour = parser.value(tour);
    options.locked = parser.isSet(locked);
    options.notice = parser.value(notice);
    return parsed;
}

} // namespace yarrow
