// SPDX-License-Identifier: GPL-3.0-or-later
//
// yarrow-exchange: exchanges a workstation's records with the server while nobody is signed in. The desktop
// starts it beside the page where people sign in, and closes its standard input when somebody does. It opens
// the clinic by the key store alone, where an administrator decided so, and shows nothing of it.
#include "app/profile_folder.h"
#include "app/unattended_end.h"
#include "core/clock.h"
#include "core/log.h"
#include "models/store/keys/device_secret_store.h"
#include "models/store/unattended_clinic.h"
#include "sync/service/sync_service.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>

#include <cstdio>
#include <thread>

namespace {

using namespace yarrow;

/// Ends the program when who started it closes its standard input, or is gone. The thread is never joined: it
/// may stand in a read that nothing ends but the end of the process.
void endWithStandardInput()
{
    std::thread([] {
        while (std::fgetc(stdin) != EOF) {
        }
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [] { QCoreApplication::exit(static_cast<int>(UnattendedEnd::Asked)); }, Qt::QueuedConnection);
    }).detach();
}

void end(UnattendedEnd how)
{
    QCoreApplication::exit(static_cast<int>(how));
}

UnattendedEnd endOf(const std::string& revocation)
{
    return revocation == "wiped" ? UnattendedEnd::Wiped : UnattendedEnd::Revoked;
}

int exchange(const Profile& profile)
{
    const SystemClock clock;
    UuidSource ids(clock);
    KeychainSecretStore secrets;
    const StoreEnvironment environment{clock, ids, &secrets, {}};
    auto clinic = openUnattended(profile, environment);
    if (!clinic) {
        std::fprintf(stderr, "yarrow-exchange: %s %s\n", errorCodeName(clinic.error().code),
                     clinic.error().context.c_str());
        return static_cast<int>(clinic.error().code == ErrorCode::NotFound ? UnattendedEnd::Nothing
                                                                           : UnattendedEnd::Failed);
    }
    sync::SyncService service(
        {std::move(clinic->connection), profile, clock, ids, clinic->identity, &secrets, {}});
    sync::RevocationWatch watch;
    QObject::connect(&service, &sync::SyncService::statusChanged, &service,
                     [&watch](const sync::SyncStatus& status) {
                         if (const std::string why = watch.take(status); !why.empty())
                             end(endOf(why));
                         else if (status.state == sync::SyncStatus::State::NotEnrolled ||
                                  status.state == sync::SyncStatus::State::Stopped)
                             end(UnattendedEnd::Nothing);
                     });
    endWithStandardInput();
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("yarrow-exchange"));
    QCoreApplication::setApplicationVersion(QStringLiteral(YARROW_VERSION));
    log::captureQtMessages();
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Exchanges with the server until its standard input is "
                                                    "closed. Started by yarrow while nobody is signed in."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption profile(QStringLiteral("profile"),
                                     QStringLiteral("Folder that holds the clinic's data."),
                                     QStringLiteral("DIR"), defaultProfileFolder());
    parser.addOption(profile);
    if (!parser.parse(QCoreApplication::arguments()) || !parser.positionalArguments().isEmpty()) {
        std::fprintf(stderr, "%s\n",
                     qPrintable(parser.errorText().isEmpty()
                                    ? QStringLiteral("yarrow-exchange takes no arguments but options.")
                                    : parser.errorText()));
        return static_cast<int>(UnattendedEnd::Usage);
    }
    if (parser.isSet(QStringLiteral("help")))
        parser.showHelp();
    if (parser.isSet(QStringLiteral("version")))
        parser.showVersion();
    return exchange(Profile(QFile::encodeName(parser.value(profile)).toStdString()));
}
