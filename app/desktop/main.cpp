// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/options.h"
#include "app/desktop/relaunch.h"
#include "app/desktop/sync_runner.h"
#include "app/desktop/tour.h"
#include "app/desktop/tour_exchange.h"
#include "app/desktop/tour_secret_store.h"
#include "app/desktop/unattended_exchange.h"
#include "core/log.h"
#include "models/items/local_clinic_gate.h"
#include "ui/calendar/calendar_page.h"
#include "ui/exchange/inbox_page.h"
#include "ui/frame/desktop_settings.h"
#include "ui/patients/patients_page.h"
#include "ui/setup/setup_page.h"
#include "ui/today/today_page.h"

#include <QApplication>
#include <QFile>
#include <QLibraryInfo>
#include <QLocale>
#include <QPointer>
#include <QTranslator>

#include <cstdio>

namespace {

using namespace yarrow;

constexpr int kLocked = 100; ///< what the event loop ends with when the program is to start anew

Frame::Pages makePages(ClinicSession& session)
{
    Frame::Pages pages;
    if (session.allows(Operation::Read, Area::Appointments)) {
        // For as long as the session: what is done on one page is undone on another.
        auto* editor = new ScheduleEditor(session, &session);
        pages.today = new TodayPage(session, *editor);
        pages.calendar = new CalendarPage(session, *editor);
    }
    if (session.allows(Operation::Read, Area::PatientIdentity))
        pages.patients = new PatientsPage(session);
    pages.inbox = new InboxPage(session);
    if (session.allows(Operation::Update, Area::Directory))
        pages.setup = new SetupPage(session);
    return pages;
}

/// Yarrow's own texts and Qt's, in the language of the locale. English too: its plurals are a translation.
void loadTranslations(QApplication& app)
{
    auto* own = new QTranslator(&app);
    if (own->load(QLocale(), QStringLiteral("yarrow"), QStringLiteral("_"), QStringLiteral(":/i18n")) ||
        own->load(QStringLiteral(":/i18n/yarrow_en.qm")))
        QApplication::installTranslator(own);
    auto* qt = new QTranslator(&app);
    if (qt->load(QLocale(), QStringLiteral("qtbase"), QStringLiteral("_"),
                 QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QApplication::installTranslator(qt);
}

int runTour(const QString& folder)
{
    const SystemClock clock;
    UuidSource ids(clock);
    TourSecretStore secrets;
    const auto makeGate = [&](const QString& profile) -> std::unique_ptr<ClinicGate> {
        return std::make_unique<LocalClinicGate>(Profile(QFile::encodeName(profile).toStdString()),
                                                 StoreEnvironment{clock, ids, &secrets, {}});
    };
    const auto prepare = [&](const QString& profile) {
        return makeTourExchange(Profile(QFile::encodeName(profile).toStdString()),
                                StoreEnvironment{clock, ids, &secrets, {}});
    };
    Tour tour(makeGate, makePages, prepare, folder);
    QObject::connect(&tour, &Tour::finished, qApp,
                     [](bool complete) { QApplication::exit(complete ? 0 : 1); });
    tour.start();
    return QApplication::exec();
}

/// `notice`: why it ended, where somebody is to be told; see SyncRunner::ended().
int runDesktop(const DesktopOptions& options, QString& notice)
{
    const SystemClock clock;
    UuidSource ids(clock);
    KeychainSecretStore secrets;
    const StoreEnvironment environment{clock, ids, &secrets, {}};
    const Profile profile(QFile::encodeName(options.profile).toStdString());
    LocalClinicGate gate(profile, environment);
    UnattendedExchange unattended(profile);
    QPointer<MainWindow> shown;
    gate.setMakeExchangeRunner(
        [&environment, &notice, &shown, &unattended](ExchangePlace place) -> std::unique_ptr<ExchangeRunner> {
            unattended.end();
            auto runner = std::make_unique<SyncRunner>(std::move(place), environment);
            // Queued: the runner is not done yet when it says so.
            QObject::connect(
                runner.get(), &SyncRunner::ended, qApp,
                [&notice, &shown](const QString& why) {
                    notice = why;
                    // What somebody was writing is kept for them, as when they lock; after a wipe nothing is.
                    if (shown && why != QStringLiteral("wiped"))
                        shown->lock();
                    QApplication::exit(kLocked);
                },
                Qt::QueuedConnection);
            return runner;
        });
    DesktopSettings settings(options.profile);
    MainWindow window(gate, settings, makePages);
    shown = &window;
    QObject::connect(&window, &MainWindow::lockRequested, qApp, [] { QApplication::exit(kLocked); });
    QObject::connect(&gate, &ClinicGate::signInFailed, &unattended, &UnattendedExchange::begin);
    QObject::connect(&unattended, &UnattendedExchange::shutOut, qApp, [&notice](const QString& why) {
        notice = why;
        QApplication::exit(kLocked);
    });
    window.show();
    // The window stands before anything is read.
    QMetaObject::invokeMethod(
        &window,
        [&window, &options, &unattended] {
            window.start(options.locked, noticeText(options.notice));
            unattended.begin();
        },
        Qt::QueuedConnection);
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    int result = 0;
    QString program;
    QString notice;
    QStringList arguments;
    {
        QApplication app(argc, argv);
        QApplication::setApplicationName(QStringLiteral("Yarrow"));
        QApplication::setApplicationVersion(QStringLiteral(YARROW_VERSION));
        QApplication::setDesktopFileName(QStringLiteral("yarrow"));
        log::captureQtMessages();

        program = QApplication::applicationFilePath();
        arguments = QApplication::arguments();
        const ParsedOptions parsed = parseOptions(arguments);
        if (parsed.message) {
            std::fprintf(parsed.exitCode == 0 ? stdout : stderr, "%s\n", qPrintable(*parsed.message));
            return parsed.exitCode;
        }
        const DesktopOptions& options = parsed.options;
        if (!options.language.isEmpty())
            QLocale::setDefault(QLocale(options.language));
        loadTranslations(app);
        if (options.rightToLeft || QLocale().textDirection() == Qt::RightToLeft)
            QApplication::setLayoutDirection(Qt::RightToLeft);
        Theme::current().setScheme(options.scheme);
        Theme::current().setScale(options.scale);
        Theme::current().install();
        QApplication::setWindowIcon(Theme::icon(u"yarrow", ColorToken::Accent));
        result = options.tour.isEmpty() ? runDesktop(options, notice) : runTour(options.tour);
    }
    if (result != kLocked)
        return result;
    // Everything is closed and wiped by now; the new process knows no key and no name.
    arguments.removeFirst();
    const QString kNotice = QStringLiteral("--notice=");
    arguments.removeIf([&](const QString& one) { return one.startsWith(kNotice); });
    if (!notice.isEmpty())
        arguments.append(kNotice + notice);
    if (!arguments.contains(QLatin1String("--locked")))
        arguments.append(QStringLiteral("--locked"));
    return relaunch(program, arguments) ? 0 : 1;
}
